"""What Chasqui costs: seconds, memory and SQL statements, measured on the code that runs. See docs/performance.md."""
