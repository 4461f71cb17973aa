-- Bounds of the 95 % interval of a share, few cases included (Wilson 1927,
-- doi:10.2307/2276774; z = 1.96). Null of no cases.
create or replace macro wilson_low(part, whole) as
    if(
        part = 0 and whole > 0,
        0,
        (part + 1.9208 - 1.96 * sqrt(part * (whole - part) / nullif(whole, 0)::double + 0.9604))
        / (whole + 3.8416)
    )::double;

create or replace macro wilson_high(part, whole) as
    if(
        part = whole and whole > 0,
        1,
        (part + 1.9208 + 1.96 * sqrt(part * (whole - part) / nullif(whole, 0)::double + 0.9604))
        / (whole + 3.8416)
    )::double;
