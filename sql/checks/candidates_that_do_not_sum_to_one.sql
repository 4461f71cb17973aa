-- The candidate parents of a comment are all there are.
select comment_id, sum(probability::decimal(9, 6))::double as total
from reply_candidates
group by all
having abs(sum(probability::decimal(9, 6)) - 1) > 0.00001
