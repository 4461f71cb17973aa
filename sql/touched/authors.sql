-- Who comments in stale threads.
select author_id from stale.comments
