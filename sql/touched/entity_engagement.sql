-- What stale threads mention.
select distinct canonical_id from stale.mentions
