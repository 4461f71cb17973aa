-- Bounds of the 95 % interval of a share, few cases included (Wilson 1927, doi:10.2307/2276774):
-- (k + z²/2 ± z √(k (n - k)/n + z²/4)) / (n + z²) with z = 1.959964, k the part and n the whole.
-- Null of no cases.
create or replace macro wilson_low(part, whole) as
    if(
        part = 0 and whole > 0,
        0,
        (
            part
            + 1.920729440648
            - 1.959964 * sqrt(part * (whole - part) / nullif(whole, 0)::double + 0.960364720324)
        )
        / (whole + 3.841458881296)
    )::double;

create or replace macro wilson_high(part, whole) as
    if(
        part = whole and whole > 0,
        1,
        (
            part
            + 1.920729440648
            + 1.959964 * sqrt(part * (whole - part) / nullif(whole, 0)::double + 0.960364720324)
        )
        / (whole + 3.841458881296)
    )::double;
