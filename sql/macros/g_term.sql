-- A cell's part of G²: what was counted where a row and a column of these sums meet.
create or replace macro g_term(counted, row_sum, column_sum, everything) as if(
    counted = 0,
    0::double,
    counted * ln(counted / (row_sum::double * column_sum::double / everything::double))
);
