"""The measurements of `make bench`: what is run, and how it becomes a row of the table."""
