"""Gemini's native schema: requests and answers, read into `conversation` and `answers` and written from them."""
