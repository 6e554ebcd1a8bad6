"""The command line: one module for each subcommand; each parses, calls and prints."""
