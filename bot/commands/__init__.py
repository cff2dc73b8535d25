"""The command line: one command a file. Each imports what is slow inside its function, so that `--help` is quick."""
