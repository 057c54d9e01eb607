"""The built site as a book: one PDF for each language, printed by Chromium."""
