-- What stale threads mention.
select canonical_id from stale.mentions
