"""No-code forms: field kinds, schema, answers, files, export."""
