"""Monopoly in the terminal: people, trained agents and bots at one table (``scripts/play.py``). From the bottom up:

    arguments setup players                    what is asked for, who sits where
    table game_file games                      the running game, its file, the games on the disk
    menu deals managing questions coach        what a person is asked, and what a network would do
    story view panels board app full_screen    what is shown: as text, and on the whole screen (Textual)
    terminal watch commands help session       a sitting
    opening program                            from the command line to the table

Nothing here starts TensorFlow unless a model needs it.
"""
