-- Complementary error function, relative error below 1.2e-7 (Press et al., Numerical Recipes, 2nd
-- ed., 6.2).
-- Two-sided p of a standard normal z is erfc(abs(z) / sqrt(2)); of a χ² with one degree,
-- erfc(sqrt(χ² / 2)).
create or replace macro erfc_series(x, t) as
    t
    * exp(
        -x * x
        - 1.26551223
        + t * (1.00002368
        + t * (0.37409196
        + t * (0.09678418
        + t * (-0.18628806
        + t * (0.27886807
        + t * (-1.13520398
        + t * (1.48851587
        + t * (-0.82215223
        + t * 0.17087277))))))))
    );

create or replace macro erfc_of_positive(x) as erfc_series(x, 1 / (1 + 0.5 * x));
