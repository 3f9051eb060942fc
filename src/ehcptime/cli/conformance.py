"""Other systems held to the conformance pack; it needs no pandas."""

from ehcptime.testing.conform import conform

COMMANDS = ((conform, "conform"),)
