"""Leave (nghỉ phép): a dossier type that every office has, and a panel with one's own leave."""
