-- Which kinds of mention are a thing that one could ask about: words said and amounts are none.
create or replace macro is_entity(kind) as
    kind not in (
        'quote', 'reported_speech', 'scare_quote', 'age', 'date', 'duration', 'money', 'percentage'
    );
