"""Common given names that aren't other words: with a capitalised word after it, one names a person."""


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

NOT_SURNAMES = split_words("""
Street Road Avenue University College Hospital School Street's Island Islands City County Lake River Valley
Beach Hill Hills Park Bay Mountain Church Cathedral Prize Award Foundation Institute Company Inc Ltd Trial
Study Day Syndrome Disease Times Post News Magazine Journal Act Law Effect Test Scale Bank Airport Station
Hotel Center Centre And Or But The A An I Is Was Has Had Have Will Would Can Could If In On At Of To For From
With Said Says
""")
