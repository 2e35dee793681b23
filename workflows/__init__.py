"""The state machines as data: one YAML file each, read strictly, checked before use."""
