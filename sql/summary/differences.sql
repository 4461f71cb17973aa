-- Documents of which a counter found another number of comments than were made.
-- grain: one row per document and line
select source_path, reason from rejects where reason_code = 'count_differs' order by all limit 1000
