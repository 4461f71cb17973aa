"""Common given names that aren't other words; before a capitalised word, such a name means a person."""

from importlib import resources


def split_words(text: str) -> list[str]:
    """Return the words of a list kept as text."""
    return text.split()


GIVEN_NAMES = split_words("""
Aaron Abdul Abigail Ada Adam Adrian Agnes Ahmed Aisha Alan Albert Alberto Alejandro Alessandro Alex Alexander
Alexandra Alexei Alfred Ali Alice Alison Allison Alastair Alistair Amanda Amir Amy Ana Anders Andrea Andreas
Andrei Andrew Andy Angela Angus Anita Ann Anna Anne Annette Annie Anthony Antoine Anton Antonio Arjun Arnold
Arthur Astrid Audrey Barbara Barack Barry Beatrice Ben Benjamin Bernard Bernie Beth Bethany Betty Bianca Bill
Billy Björn Bob Bobby Boris Brad Bradley Brenda Brendan Brian Bridget Bruce Bryan Caitlin Cameron Camille Carl
Carla Carlos Carol Caroline Carolyn Catherine Cecilia Charles Charlie Charlotte Cheryl Chloe Chris Christina
Christine Christoph Christopher Claire Clara Clare Claude Claudia Clive Colin Connor Craig Cynthia Daniel
Daniela Danielle Danny Daphne Darren Dave David Dawn Deborah Debbie Denis Denise Dennis Derek Diana Diane
Diego Dieter Dimitri Dmitri Dominic Donald Donna Doris Dorothy Doug Douglas Duncan Dylan Ed Eddie Edith
Eduardo Edward Edwin Eileen Elaine Eleanor Elena Eli Elias Elisabeth Elizabeth Ella Ellen Elliot Elon Elsa
Emily Emma Emmanuel Enrique Eric Erica Erik Erika Erin Ernest Esther Ethan Eugene Eva Evan Eve Evelyn Fatima
Felix Fernando Fiona Florence Frances Francesca Francesco Francis Francisco Franz Fred Freddie Frederick
Friedrich Gabriel Gareth Gary Gavin Gemma Geoff Geoffrey George Georgia Georgina Gerald Gerard Gerhard Gillian
Giovanni Giulia Gloria Gordon Graham Greg Gregory Greta Gustav Guy Hannah Hans Harold Harriet Harry Hassan
Heather Heidi Heinrich Helen Helena Helga Henri Henry Herbert Hilary Hillary Howard Hugh Hugo Ian Ibrahim Igor
Ingrid Irene Isaac Isabel Isabella Ivan Jack Jackie Jacob Jacqueline Jacques Jake James Jamie Jan Jane Janet
Janice Jason Javier Jay Jean Jeff Jeffrey Jennifer Jenny Jeremy Jerome Jerry Jessica Jill Jim Jimmy Joan
Joanna Joanne Joe Joel Johan Johanna John Johnny Jon Jonas Jonathan Jorge José Jose Josef Joseph Josephine
Josh Joshua Joyce Juan Judith Judy Julia Julian Julie Juliet Jürgen Justin Kamala Karen Karin Karl Karl-Heinz
Kate Katharina Katherine Kathleen Kathryn Kathy Katie Katrina Keith Kelly Ken Kenneth Kerry Kevin Kieran Kim
Kirsten Klaus Kristin Kurt Kyle Lars Laura Lauren Laurence Lawrence Leah Leo Leon Leonard Leonardo Leonora
Leslie Lewis Liam Linda Lindsay Lionel Lisa Liz Lloyd Lorenzo Lorraine Louis Louise Luc Luca Lucas Lucia Lucy
Luigi Luis Lukas Luke Lydia Lynn Madeleine Magnus Malcolm Manfred Manuel Marc Marcel Marco Marcus Margaret
Maria María Marie Marilyn Mario Marion Mark Marlene Marta Martha Martin Martina Mary Mateo Matt Matthew
Matthias Maureen Maurice Max Maximilian Megan Mehmet Mei Melania Melanie Melissa Michael Michel Michelle
Miguel Mike Mikhail Mohamed Mohammed Molly Monica Monika Morgan Muhammad Murray Nadia Nancy Naomi Natalia
Natalie Natasha Nathan Neil Nelson Niall Nicholas Nick Nicola Nicolas Nicole Nigel Nikolai Nina Noah Noam
Norman Olaf Olga Oliver Olivia Oprah Oscar Otto Owen Pablo Pamela Patricia Patrick Paul Paula Pauline Pedro
Penelope Per Peter Petra Phil Philip Philippe Phillip Phyllis Pierre Priya Rachel Rafael Rahul Raj Rajesh
Ralph Ramesh Raymond Rebecca Reginald Ricardo Richard Rishi Rita Robert Roberta Roberto Robin Rodney Roger
Roland Roman Ronald Ronnie Rosemary Rosie Ross Roy Ruby Rudolf Rupert Russell Ruth Ryan Sabine Sally Sam
Samantha Samuel Sandra Sanjay Sara Sarah Scott Sean Sebastian Serena Sergei Sergio Shane Sharon Sheila Shirley
Sigmund Silvia Simon Simone Sofia Sonia Sophia Sophie Stacey Stanley Stefan Stefano Stella Stephanie Stephen
Steve Steven Stuart Sunil Susan Susanna Suzanne Sven Sylvia Tamara Tanya Tara Ted Teresa Terence Terry
Theodore Theresa Therese Thomas Tiffany Tim Timothy Tina Tobias Todd Tom Tommy Tony Tracey Tracy Trevor Ulrich
Ursula Valerie Vanessa Vera Veronica Victor Victoria Vikram Vincent Virginia Vivian Vladimir Volodymyr Walter
Wanda Wayne Wendy Werner Wilfred Wilhelm William Winston Wolfgang Xavier Yasmin Yuri Yusuf Yvonne Zachary Zoe
Zoë
""")
"""None of them begins a place or a thing (Grace, Will and Mark Up need the words that follow)."""

FURTHER_NAMES = split_words(
    resources.files("threadmill.mentions.text").joinpath("given_names.txt").read_text("utf-8")
)
"""More given names, of many languages, most from Faker's lists (MIT licence, © 2012 Daniele Faraglia)."""

ORDINARY_WORDS = frozenset(
    split_words(
        resources.files("threadmill.mentions.text")
        .joinpath("ordinary_words.txt")
        .read_text("utf-8")
    )
)
"""English words that ten or more comments of GoEmotions (Apache-2.0, © Google) write in lower case."""

ALSO_WORDS = split_words("""
Abby Alexa Alma Amber America Angel Angus April Art Ash Asia Aspen August Augusta Austin Autumn Bailey Basil Bay Belle
Berlin Bill Blake Blanca Bo Bob Brandy Brook Brooklyn Buck Bud Carmen Carol Carolina Carter Chad Chance Charity
Charlotte Chase Chelsea Cherry China Christian Chuck Claire Clara Clare Claude Clay Cliff Cody Cole Concepción Cooper
Crystal Curt Daisy Dale Dallas Dan Dana Daria Dawn Dean Destiny Dick Diego Dolly Dolores Don Dot Drew Duke Dylan Earl
Ed Elif Elsa England Esperanza Eve Evita Faith Fern Flora Florence Forest Frances Francis Frank Franz Fred Gage Gale
Gemma Gene Georgia Ginger Glen Gloria Grace Grant Gray Gunnar Guy Harmony Harry Hazel Heath Heather Henry Holly Honey
Hope Hunter Iris Israel Ivan Ivory Ivy Jack Jade Jan Jasmine Jasper Jean Jenkins Jerome Jesus Jet Jewel Jordan Josh
Joy Joyce Juan Julia Julio June Junior Justice Kai Kelly Kelvin Kerry Kiara Kim King Lance Laurel Lee Lily Lima
Lincoln London Lorena Lorraine Lourdes Love Luna Luz Madeleine Madison Magnolia Mar March Marco Mariana Marina Mario
Mark Marshall Mason Max May Maya Mei Melody Mercedes Mercy Merle Milan Miles Milo Mina Mo Montana Morgan Myrtle Nelson
Nick Noel Norm Norman Nova Ole Olive Oliver Orlando Oscar Otto Paloma Paris Parker Pat Patience Paz Pearl Peg Penny
Per Pete Pilar Poppy Porter Presley Prince Princess Queen Randy Ray Reed Regina Rex Rich Rick Rob Robin Rocky Rocío
Roland Roman Rosa Rosario Rose Rosemary Ross Roy Ruby Rush Rusty Sage Sandy Santiago Savannah Scarlett Scott Sierra
Simple Skip Sky Sofia Sol Soledad Spencer Stan Stanley Star Stella Stone Sue Summer Sunny Sydney Tad Taylor Teddy Till
Trinity Troy Ty Valencia Valentine Vera Victor Victoria Vienna Viola Violet Virginia Wade Walker Wayne Wednesday Will
Willow Winston Woody Wren Xavier Zion Óscar
""")
"""Given names that are also words, places or brands: alone they need a form of address beside them."""

NICKNAME_WORDS = split_words("""
a abuela abuelo admin all alter altes am an and angry anon anonym anonymous anónimo ask asking at aunt auntie aus baby
bei big black blue bot boy brother captain cat chef coach cocina concerned confused curious dad daddy das deleted dem
den der dev die doc docket doctor dog dos dr drei dude eine einer el ella ellos en ex fan farmer father for former
frau frisch from gast girl gramps gran grandad granddad grandma grandpa granny great green guest guy had haha happy
hello herr hey hi ich im in invitado is it its jaja just kleine kleiner la las lazy le les little lol lone los lurker
mad mama mami mamma mamá man me mein meine member mere miss mit mod moderación moderator mom momma mother mr mrs mum
mummy mutti my name nana nanna neu new nobody not nur nurse of official oh old oma on one onkel only opa or papa papi
papá pastor poor prof professor proud random reader real red retired rev reverend sad señor señora señorita sister
some someone still super tante tech thanks that the thing this three throw throwaway tiny tio to true two tía tío un
una uncle und unknown user very von was white with woman wow yes yet young your zwei
""")
"""First words and parts of nicknames that name nobody, in lower case."""

FAMOUS = split_words("""
Archimedes Aristotle Asimov Babbage Beethoven Bernanke Bezos Biden Bismarck Blackstone Bolsonaro Bourdieu Buffett
Chomsky Churchill Cicero Confucius Copernicus Darwin Dawkins Derrida Descartes Dickens Dijkstra Dostoevsky Einstein
Erdogan Euclid Euler Fauci Feynman Foucault Freud Galileo Gandhi Gauss Goebbels Goethe Gorbachev Habermas Hawking
Hayek Hegel Heidegger Hemingway Hitchens Hitler Hobbes Huxley Jefferson Kafka Kahneman Kant Keynes Kierkegaard
Kissinger Knuth Leibniz Lenin Linnaeus Locke Lovelace Macron Malthus Mandela Mao Marx Maslow Mendel Merkel Milei
Mozart Musk Mussolini Napoleon Netanyahu Nietzsche Obama Orbán Orwell Pasteur Pavlov Pelosi Piketty Plato Popper Putin
Ramanujan Reagan Ricardo Roosevelt Rousseau Sartre Scalia Schopenhauer Shakespeare Socrates Spinoza Stalin Stallman
Sunak Taleb Tesla Thatcher Tolkien Tolstoy Torvalds Trotsky Trump Voltaire Wittgenstein Xi Zelensky Zelenskyy
Zuckerberg
""")
"""People whom texts name by one word."""

NOT_PEOPLE = split_words("""
America April Ash Asia Aspen August Austin Autumn Basil Bay Berlin Brooklyn Buck Carolina Chance Chelsea China Clay
Cliff Dallas Destiny Diamond Dick Dot England Fern Florence Forest Georgia Ginger Gray Harmony Hazel Heath Honey Hope
Israel Jet Jordan Joy Junior Justice King Lima Lincoln London Love Luz Madison Magnolia Mar March May Melody Mercy
Milan Montana Nova Olive Orlando Paris Paz Pearl Penny Prince Princess Queen Rosemary Rush Sage Sandy Santiago
Savannah Sierra Simple Skip Sky Sol Spencer Star Stone Summer Sunny Sydney Trinity Valencia Vienna Virginia Wednesday
Winston
""")
"""Those of `ALSO_WORDS` that name no person even before another capital."""

NOT_SURNAMES = split_words("""
Street Road Avenue University College Hospital School Street's Island Islands City County Lake River Valley Beach Hill
Hills Park Bay Mountain Church Cathedral Prize Award Foundation Institute Company Inc Ltd Trial Study Day Syndrome
Disease Times Post News Magazine Journal Act Law Effect Test Scale Bank Airport Station Hotel Center Centre Theatre
Theater Museum Hall Tower Bridge Square Stadium Arena Library Falls Creek Canal Harbour Harbor Palace Castle Inn Lane
Drive Boulevard Line Terminal Building Gardens Zoo Market Mall Cup League Open Awards Press Records Studios Group Labs
Ridge Trail Peak Desert Ocean Sea Gulf Marathon And Or But The A An I Is Was Has Had Have Will Would Can Could If In
On At Of To For From With Said Says
""")
