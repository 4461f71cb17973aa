-- The word of a term by which the term is looked for: of a phrase its longest, often its rarest.
create or replace macro sought_word(term) as
    list_reduce(
        string_split(term, ' '),
        lambda longest,
        word:if(length(word) > length(longest), word, longest)
    );
