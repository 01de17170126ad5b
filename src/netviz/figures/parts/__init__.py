"""What several figures share: parts, not figures."""
