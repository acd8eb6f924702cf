"""A report on one session: one HTML file with its charts, which needs no other file, no script and no network.

The figures are those of the pages (`figures`, `sums`, the tiles), from the same questions; only the drawing differs,
because the pages' charts need a runtime of a megabyte. `gathered` asks the store, `charts` and `tables` draw, `page`
puts it together, and nothing reaches the file but through `markup`, which escapes.
"""
