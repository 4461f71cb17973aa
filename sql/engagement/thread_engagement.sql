-- Activity of each thread: comments, authors, depth, and the share answered.
-- grain: one row per thread
-- key: thread_id
with
    thread_comments as (
        select
            thread_id,
            count(*) as found_count,
            count(is_answered) as answer_known_count,
            count(*) filter (where parent_status = 'top_level') as top_level_count,
            count(*) filter (
                where parent_status in ('top_level', 'explicit', 'inferred')
            ) as decided_count,
            count(reply_probability) as weighed_count,
            sum(reply_probability::decimal(9, 6)) as expected_reply_count,
            count(*) filter (where is_answered) as answered_count,
            count(*) filter (where is_host) as host_comment_count,
            bool_or(host_response_reason = 'host_unknown') as is_hostless,
            count(is_answered_by_host) filter (where not is_host) as visitor_comment_count,
            count(*) filter (where not is_host and is_answered_by_host) as host_answered_count,
            max(depth) as max_depth,
            sum(depth)::double / count(depth) as mean_depth,
            sum(like_count)::bigint as like_count,
            sum(mention_count)::bigint as mention_count,
            max(created_at) as last_created_at,
            min(created_on) as first_created_on,
            max(created_on) as last_created_on
        from comment_engagement
        group by all
    ),
    thread_replies as (
        select
            thread_id,
            count(*) as reply_count,
            count(*) filter (where is_inferred) as inferred_count,
            sum(confidence::decimal(9, 6)) filter (where is_inferred) as confidence_sum
        from replies
        group by all
    ),
    levels as (
        select thread_id, depth, count(*) as width
        from comment_engagement
        where depth is not null
        group by all
    ),
    thread_levels as (
        select
            thread_id,
            max(width) as max_width,
            -- The post is level 0, so a top-level comment is at level 1.
            coalesce(max(depth + 1) filter (where width >= depth + 1), 0)::integer as h_index
        from levels
        group by all
    ),
    thread_subtrees as (
        -- Over the tree under the post, which is its root: the post's subtree is all of it.
        select
            thread_id,
            1 + count(*) as tree_size,
            1 + count(*) + sum(1 + descendant_count) as size_sum,
            (1 + count(*)) * (1 + count(*))
            + sum((1 + descendant_count) * (1 + descendant_count)) as square_sum
        from comment_engagement
        where depth is not null and descendant_count is not null
        group by all
    ),
    author_comments as (
        select thread_id, author_id, count(*) as comment_count
        from comment_engagement
        where author_id is not null
        group by all
    ),
    ranked_authors as (
        select
            thread_id,
            comment_count,
            row_number() over (partition by thread_id order by comment_count, author_id) as place,
            count(*) over (partition by thread_id) as author_count
        from author_comments
    ),
    thread_authors as (
        select
            thread_id,
            author_count,
            sum(comment_count) as authored_count,
            sum(place * comment_count) as ranked_sum,
            -- The most active tenth, rounded up.
            sum(comment_count) filter (
                where place > author_count - divide(author_count + 9, 10)
            ) as top_tenth_comment_count,
            count(*) filter (where comment_count > 1) as returning_author_count
        from ranked_authors
        group by all
    ),
    dyads as (
        select
            thread_id,
            least(author_id, parent_author_id) as one_author_id,
            greatest(author_id, parent_author_id) as other_author_id,
            bool_or(author_id < parent_author_id)
            and bool_or(author_id > parent_author_id) as is_mutual
        from replies
        where author_id <> parent_author_id
        group by all
    ),
    thread_dyads as (
        select
            thread_id,
            count(*) as dyad_count,
            count(*) filter (where is_mutual) as mutual_dyad_count
        from dyads
        group by all
    ),
    host_cases as (
        -- What others than the host wrote waits for the host, to the answer or to the capture.
        select
            comment_engagement.thread_id,
            comment_engagement.host_response_s is not null as is_event,
            comment_engagement.created_at is null
            or (
                comment_engagement.is_answered_by_host
                and comment_engagement.host_response_s is null
            ) as is_lost,
            coalesce(
                comment_engagement.host_response_s,
                date_sub('second', comment_engagement.created_at, threads.captured_at)
            ) as wait_s
        from comment_engagement
        join threads using (thread_id)
        where not comment_engagement.is_host and comment_engagement.is_answered_by_host is not null
    ),
    host_threads as (
        select
            thread_id,
            case
                when count(*) < 5
                then 'too_few'
                when bool_or(is_lost)
                then 'times_lost'
                when count(wait_s) < count(*)
                then 'capture_time_unknown'
                -- Then the unanswered didn't wait until that capture, but until a later one.
                when bool_or(not is_event and last_created_at > captured_at)
                then 'captured_before_last_comment'
            end as lost_reason
        from host_cases
        join thread_comments using (thread_id)
        join threads using (thread_id)
        group by thread_id
    ),
    waits as (
        select
            host_cases.thread_id,
            -- A clock can put the answer before the question.
            greatest(host_cases.wait_s, 0) as wait_s,
            count(*) as leaving_count,
            count(*) filter (where host_cases.is_event) as event_count
        from host_cases
        join host_threads using (thread_id)
        where host_threads.lost_reason is null
        group by all
    ),
    risks as (
        select
            thread_id,
            wait_s,
            event_count,
            sum(leaving_count) over (partition by thread_id order by wait_s desc) as at_risk_count
        from waits
    ),
    survivals as (
        -- Kaplan-Meier: the product of 1 - events / at risk, as a sum of logarithms that is exact
        -- in decimals.
        select
            thread_id,
            wait_s,
            exp(
                sum(
                    if(
                        event_count = at_risk_count,
                        -100,
                        ln(1 - event_count / greatest(at_risk_count, event_count + 1))
                    )::decimal(38, 12)
                ) over (partition by thread_id order by wait_s)::double
            ) as survival
        from risks
    ),
    host_waits as (
        -- A billionth of tolerance, for products that are a quantile exactly.
        select
            thread_id,
            min(wait_s) filter (where survival <= 0.85 + 1e-9) as p15_s,
            min(wait_s) filter (where survival <= 0.5 + 1e-9) as median_s,
            min(wait_s) filter (where survival <= 0.15 + 1e-9) as p85_s
        from survivals
        group by all
    ),
    arrivals as (
        select
            thread_id,
            created_at,
            date_sub(
                'second',
                lag(created_at) over (partition by thread_id order by created_at),
                created_at
            ) as gap_s,
            row_number() over (partition by thread_id order by created_at) as place,
            count(*) over (partition by thread_id) as timed_count
        from comment_engagement
        where created_at is not null
    ),
    thread_arrivals as (
        select
            thread_id,
            any_value(timed_count) as timed_count,
            count(gap_s) as gap_count,
            sum(gap_s) as gap_sum,
            sum(gap_s::hugeint * gap_s) as square_sum,
            date_sub(
                'second',
                min(created_at),
                min(created_at) filter (where place = divide(timed_count + 1, 2))
            ) as half_life_s
        from arrivals
        group by all
    ),
    thread_timings as (
        select
            thread_comments.thread_id,
            case
                when thread_comments.found_count < 5
                then 'too_few'
                when coalesce(thread_arrivals.timed_count, 0) * 10 < thread_comments.found_count * 9
                then 'times_lost'
                when thread_arrivals.gap_sum = 0
                then 'simultaneous'
            end as timing_reason,
            -- The coefficient of variation: integers under the root.
            sqrt(
                (
                    thread_arrivals.gap_count * thread_arrivals.square_sum
                    - thread_arrivals.gap_sum * thread_arrivals.gap_sum
                )::double
            )
            / thread_arrivals.gap_sum::double as variation,
            sqrt((thread_arrivals.gap_count + 1)::double) as above,
            sqrt((thread_arrivals.gap_count - 1)::double) as below,
            thread_arrivals.half_life_s
        from thread_comments
        left join thread_arrivals using (thread_id)
    )

select
    threads.thread_id,
    threads.platform,
    threads.comment_count,
    coalesce(thread_authors.author_count, 0) as author_count,
    thread_authors.authored_count::double / thread_authors.author_count as comments_per_author,
    coalesce(thread_comments.top_level_count, 0) as top_level_count,
    thread_comments.top_level_count / nullif(thread_comments.decided_count, 0) as top_level_share,
    wilson_low(
        thread_comments.top_level_count, thread_comments.decided_count
    ) as top_level_share_low,
    wilson_high(
        thread_comments.top_level_count, thread_comments.decided_count
    ) as top_level_share_high,
    1
    - thread_comments.expected_reply_count::double
    / nullif(thread_comments.weighed_count, 0) as expected_top_level_share,
    coalesce(thread_replies.reply_count, 0) as reply_count,
    coalesce(thread_comments.expected_reply_count, 0)::double as expected_reply_count,
    coalesce(thread_replies.reply_count, 0)
    / nullif(thread_comments.decided_count, 0) as reply_share,
    1 - wilson_high(
        thread_comments.top_level_count, thread_comments.decided_count
    ) as reply_share_low,
    1 - wilson_low(
        thread_comments.top_level_count, thread_comments.decided_count
    ) as reply_share_high,
    thread_replies.inferred_count / thread_replies.reply_count as inferred_reply_share,
    thread_replies.confidence_sum::double
    / nullif(thread_replies.inferred_count, 0) as mean_reply_confidence,
    coalesce(thread_comments.answered_count, 0) as answered_count,
    thread_comments.answered_count
    / nullif(thread_comments.answer_known_count, 0) as answered_share,
    wilson_low(
        thread_comments.answered_count, thread_comments.answer_known_count
    ) as answered_share_low,
    wilson_high(
        thread_comments.answered_count, thread_comments.answer_known_count
    ) as answered_share_high,
    if(
        threads.host_name is null or thread_comments.is_hostless,
        null,
        coalesce(thread_comments.host_comment_count, 0)
    ) as host_comment_count,
    if(
        threads.host_name is null or thread_comments.is_hostless,
        null,
        thread_comments.host_comment_count / nullif(threads.comment_count, 0)
    ) as host_share,
    if(
        threads.host_name is null or thread_comments.is_hostless,
        null,
        wilson_low(thread_comments.host_comment_count, thread_comments.found_count)
    ) as host_share_low,
    if(
        threads.host_name is null or thread_comments.is_hostless,
        null,
        wilson_high(thread_comments.host_comment_count, thread_comments.found_count)
    ) as host_share_high,
    if(
        threads.host_name is null or thread_comments.is_hostless,
        null,
        coalesce(thread_comments.host_answered_count, 0)
    ) as host_answered_count,
    if(
        thread_comments.visitor_comment_count < 5,
        null,
        thread_comments.host_answered_count / thread_comments.visitor_comment_count
    ) as host_reply_share,
    wilson_low(
        thread_comments.host_answered_count, thread_comments.visitor_comment_count
    ) as host_reply_share_low,
    wilson_high(
        thread_comments.host_answered_count, thread_comments.visitor_comment_count
    ) as host_reply_share_high,
    host_waits.p15_s as host_response_p15_s,
    host_waits.median_s as host_response_median_s,
    host_waits.p85_s as host_response_p85_s,
    case
        when threads.host_name is null or thread_comments.is_hostless
        then 'host_unknown'
        when host_threads.thread_id is null
        then 'too_few'
        when host_threads.lost_reason is not null
        then host_threads.lost_reason
        when host_waits.p85_s is null
        then 'not_reached'
    end as host_response_reason,
    thread_comments.max_depth,
    thread_comments.mean_depth,
    thread_levels.max_width,
    thread_levels.h_index,
    (
        2 * (thread_subtrees.tree_size * thread_subtrees.size_sum - thread_subtrees.square_sum)
    )::double
    / (thread_subtrees.tree_size * (thread_subtrees.tree_size - 1))::double as structural_virality,
    if(
        thread_authors.author_count < 5,
        null,
        (
            2 * thread_authors.ranked_sum
            - (thread_authors.author_count + 1) * thread_authors.authored_count
        )::double
        / (thread_authors.author_count * thread_authors.authored_count)::double
    ) as participation_gini,
    if(
        thread_authors.author_count < 10,
        null,
        thread_authors.top_tenth_comment_count::double / thread_authors.authored_count::double
    ) as top_tenth_share,
    coalesce(thread_authors.returning_author_count, 0) as returning_author_count,
    if(
        thread_authors.author_count < 5,
        null,
        thread_authors.returning_author_count / thread_authors.author_count
    ) as reentry_share,
    wilson_low(
        thread_authors.returning_author_count, thread_authors.author_count
    ) as reentry_share_low,
    wilson_high(
        thread_authors.returning_author_count, thread_authors.author_count
    ) as reentry_share_high,
    coalesce(thread_dyads.dyad_count, 0) as dyad_count,
    coalesce(thread_dyads.mutual_dyad_count, 0) as mutual_dyad_count,
    if(
        thread_dyads.dyad_count < 5, null, thread_dyads.mutual_dyad_count / thread_dyads.dyad_count
    ) as reciprocity_share,
    wilson_low(thread_dyads.mutual_dyad_count, thread_dyads.dyad_count) as reciprocity_share_low,
    wilson_high(thread_dyads.mutual_dyad_count, thread_dyads.dyad_count) as reciprocity_share_high,
    if(
        thread_authors.authored_count < 5,
        null,
        (thread_authors.author_count - 1)::double / (thread_authors.authored_count - 1)::double
    ) as expansion_share,
    expansion_share > 0.5 as is_expansionary,
    if(
        thread_timings.timing_reason is null,
        (thread_timings.above * thread_timings.variation - thread_timings.below)
        / ((thread_timings.above - 2) * thread_timings.variation + thread_timings.below),
        null
    ) as burstiness,
    if(
        thread_timings.timing_reason is null or thread_timings.timing_reason = 'simultaneous',
        thread_timings.half_life_s,
        null
    ) as half_life_s,
    coalesce(
        thread_timings.timing_reason, if(thread_comments.thread_id is null, 'too_few', null)
    ) as timing_reason,
    capture_completeness.captured_share,
    thread_comments.like_count,
    coalesce(thread_comments.mention_count, 0) as mention_count,
    thread_comments.first_created_on,
    thread_comments.last_created_on
from threads
left join capture_completeness using (thread_id)
left join thread_comments using (thread_id)
left join thread_replies using (thread_id)
left join thread_levels using (thread_id)
left join thread_subtrees using (thread_id)
left join thread_authors using (thread_id)
left join thread_dyads using (thread_id)
left join host_threads using (thread_id)
left join host_waits using (thread_id)
left join thread_timings using (thread_id)
order by threads.thread_id
