"""The recording file: schema, writer, reader. Imports nothing of ours."""
