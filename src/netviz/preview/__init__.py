"""The preview: what is watched, served and changed in an open page."""
