"""The built-in step kinds, one module each; `flow_steps.py` registers them."""
