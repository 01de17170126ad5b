"""The figures of an essay, one folder a word, and the contract that they keep."""
