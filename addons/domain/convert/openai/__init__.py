"""OpenAI's chat completions: requests and answers, read into `conversation` and `answers` and written from them."""
