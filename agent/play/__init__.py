"""Monopoly in the terminal: people, trained agents and bots at one table (``scripts/play.py``). From the bottom up:

    arguments setup players                    what is asked for, who sits where
    table game_file games                      the running game, its file, the games on the disk
    menu limits draft deals managing questions what a person is asked, and what the others would take
    coach story titles worth                   what a network would do, what has happened, how things stand
    view panels board app full_screen          what is shown: as text, and on the whole screen (Textual)
    terminal watch commands orders help record session   a sitting
    html opening program                       from the command line to the table

Nothing here starts TensorFlow unless a model needs it.
"""
