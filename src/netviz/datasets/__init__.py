"""What a data set is, where its files come from, and how they are read and verified."""
