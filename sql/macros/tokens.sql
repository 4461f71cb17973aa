-- The words of a text, lower case, in order: the one definition that fitting, scoring and
-- keywords share.
-- An apostrophe joins (don't), a final 's falls off, a hyphen parts: t-cell is the phrase "t cell".
-- Scripts without spaces give overlapping pairs of characters (Han, Kana, Thai, Lao, Khmer,
-- Burmese):
-- 我爱中国 → 我爱 爱中 中国. Addresses of pages are left out.
create or replace macro word_runs(text) as
    case
        when regexp_matches(text, '[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー]')
            then flatten(
                list_transform(
                    regexp_extract_all(
                        lower(replace(text, '’', '''')),
                        '[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー]+'
                        || '|(?:[^\P{L}\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー]|[\p{M}\p{N}])+'
                    ),
                    lambda run: case
                        when length(run) > 1
                            and regexp_matches(
                                run,
                                '^[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー]'
                            )
                            then list_transform(range(1, length(run)), lambda i: substring(run, i, 2))
                        else [run]
                    end
                )
            )
        -- Taking 's off before costs nothing; a group in the pattern made it seven times as slow.
        else regexp_extract_all(
            regexp_replace(lower(replace(text, '’', '''')), '''s\b', '', 'g'),
            '[\p{L}\p{M}\p{N}]+(?:''[\p{L}\p{M}]+)*'
        )
    end;

create or replace macro tokens(text) as
    word_runs(
        if(contains(text, 'http'), regexp_replace(text, 'https?://\S+', ' ', 'g'), text)
    );
