"""The config: what is checked of it while the workflow is parsed, before anything runs."""
