"""Shows a recording: as a page from a local server, and as a page in one file."""
