"""`scripts/play.py` from the outside: whole games by scripted input, and every mistake on the command line."""

import importlib.util
import json
import random
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from agent.play import games
from agent.play.game_file import read

SCRIPT = Path(__file__).parents[2] / "scripts" / "play.py"


@pytest.fixture(scope="module")
def app():
    """The program."""
    spec = importlib.util.spec_from_file_location("play_script", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.app


def run(app, *arguments, typed=""):
    return CliRunner().invoke(app, [str(argument) for argument in arguments], input=typed)


ORDER = ("me", "landlord", "fp-a", "random", "fp-b", "landlord", "fp-c", "random")


@pytest.mark.parametrize("players", range(2, 9))
def test_whole_games_with_every_number_of_players(app, players):
    result = run(app, "--seats", ",".join(ORDER[:players]), "--seed", players, "--max-turns", 50, typed="1\nn\n" * 2000)
    assert result.exit_code == 0, result.output
    assert "won the game. The game is kept in games/" in result.output or "stopped without a winner. The game" in result.output
    (path,) = games.saved_paths()
    assert read(path).play().over


ANYTHING = (
    "1|1|1|1|1|1|2|3|4|5|6|7|b||?|deed boardwalk|rules jail|board|log 5|think|coach|max 150|build|sell|mortgage|redeem"
    "|deal|deal b 50 for boardwalk|cash 20|ok|open|save|9999|\x00|ä|mortgage short|redeem short|build park|coach on|ask 10"
    "|-1|1 2|qq|y|n|c|x|undo|ask ben boardwalk|counter|never boardwalk|titles|1 3 5|end|bid 145"
)


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (1, 2, 3))])
def test_a_person_that_types_anything(app, seed):
    """Numbers, commands and nonsense in any order never break the game."""
    rng = random.Random(seed)
    words = ANYTHING.split("|")
    typed = "\n".join(rng.choice(words) for _ in range(600))
    seats = "me,landlord,me,fp-a" if seed % 2 else "me,landlord"
    result = run(app, "--seats", seats, "--seed", seed, "--max-turns", 150, typed=typed.replace("q q", "qq"))
    assert result.exit_code == 0, result.output[-2000:]
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert len(read(games.saved_paths()[0]).play().rows) > 50


def test_agents_with_models_and_a_coach(app, model, linear_model):
    arguments = ["--seats", "me,agent,agent", "--model", model, "--model", linear_model, "--coach", "--open", "--seed", 5]
    result = run(app, *arguments, "--max-turns", 25, typed="1\nn\n" * 300)
    assert result.exit_code == 0, result.output
    assert "Coach: " in result.output and " chose to " in result.output
    assert "Your game, reviewed\nYou and the agent agreed on " in result.output


def test_the_end_of_the_input_saves_and_resume_goes_on(app):
    one = run(app, "--seats", "me,landlord", "--seed", 3, "--save", "a/one", typed="1\n1\n1\n")
    assert one.exit_code == 0
    assert one.output.endswith(f"Saved in a/one.jsonl\nGo on with: python {SCRIPT} --resume a/one.jsonl\n")
    before = read(Path("a/one.jsonl")).play().rows
    two = run(app, "--resume", "a/one", typed="1\n" * 4 + "q\n")
    assert two.exit_code == 0 and "Saved in a/one.jsonl\n" in two.output
    after = read(Path("a/one.jsonl")).play().rows
    assert len(after) > len(before) and after[: len(before)] == before
    assert "Turn 1: it is your turn." not in two.output, "what was told before the last decision is not told again"


def test_resume_continues_the_newest_and_list_shows_them_all(app):
    assert "There are no saved games in games/ here." in run(app, "--list").output
    for seed, save in ((1, "old"), (2, "new")):
        run(app, "--seats", "me,landlord", "--seed", seed, "--save", f"games/{save}", typed="1\n1\n")
    (Path("games") / "broken.jsonl").write_bytes(b"x")
    listed = run(app, "--list").output
    assert "new  turn " in listed and "seed 2: A You (me), B Ben (landlord)" in listed and "old  turn " in listed
    assert "broken  cannot be read: " in listed
    assert "Saved in games/new.jsonl\n" in run(app, "--resume", typed="q\n").output
    assert "Saved in games/old.jsonl\n" in run(app, "--resume", "old", typed="q\n").output


def test_a_game_that_is_over_is_not_resumed(app):
    run(app, "--seats", "me,random", "--seed", 1, "--max-turns", 3, "--save", "games/done", typed="1\nn\n" * 50)
    result = run(app, "--resume", "done")
    assert result.exit_code == 1 and "games/done.jsonl is over: stopped at turn 3." in result.output


def test_seed_repeats_a_game(app):
    first, second = (run(app, "--seats", "me,random,fp-a", "--seed", 8, typed="1\n2\n" * 8) for _ in range(2))
    assert first.output.split("Saved in")[0] == second.output.split("Saved in")[0]
    other = run(app, "--seats", "me,random,fp-a", "--seed", 9, typed="1\n2\n" * 8)
    assert first.output.split("Saved in")[0] != other.output.split("Saved in")[0]


def test_a_game_is_its_own_log_and_can_be_replayed(app):
    arguments = ["--seats", "me,landlord", "--seed", 6, "--max-turns", 30, "--log", "game.txt"]
    first = run(app, *arguments, typed="1\n" * 6)
    assert first.output.endswith(f"Saved in game.txt\nGo on with: python {SCRIPT} --resume game.txt\n")
    part = Path("game.txt").read_bytes()
    run(app, "--resume", "game.txt", typed="1\nn\n" * 300)
    lines = Path("game.txt").read_bytes().splitlines()
    assert Path("game.txt").read_bytes().startswith(part) and len(lines) > part.count(b"\n") and not Path("games").exists()
    replay = run(app, "--replay", "game.txt", "--speed", 0).output
    told = [event["text"] for line in lines for event in json.loads(line)["events"]]
    assert [line for line in replay.split("\n") if line] == told
    with open("game.txt", "a") as file:
        file.write('{"n": 9')
    assert "The file breaks off in the middle of a line" in run(app, "--replay", "game.txt", "--speed", 0).output


def test_a_game_that_breaks_off_goes_on_and_says_so(app):
    run(app, "--seats", "me,landlord", "--seed", 6, "--save", "g", typed="1\n" * 6)
    path = Path("games/g.jsonl")
    path.write_bytes(path.read_bytes()[:-9])
    result = run(app, "--resume", typed="q\n")
    assert "The last line of games/g.jsonl breaks off; the game goes on from the line before." in result.output
    assert result.exit_code == 0 and not read(path).torn
    assert "breaks off" not in run(app, "--resume", typed="q\n").output


def test_a_model_that_has_changed_is_told_once_and_the_past_stays(app, model, linear_model):
    from shutil import copyfile

    copyfile(model, "m.keras")
    run(app, "--seats", "me,agent", "--model", "m.keras", "--seed", 3, "--save", "g", typed="1\n" * 12)
    path = Path("games/g.jsonl")
    before = read(path).play().rows
    copyfile(linear_model, "m.keras")
    from agent.play import players

    players._fingerprint.cache_clear()
    assert "An agent's model has changed" in run(app, "--resume", typed="q\n").output
    assert read(path).play().rows[: len(before)] == before
    assert "An agent's model has changed" not in run(app, "--resume", typed="q\n").output


@pytest.mark.parametrize("old", ["games/g.npz", "old.jsonl"])
def test_old_games_and_logs_are_refused_in_one_line(app, old):
    Path("games").mkdir()
    Path("games/g.npz").write_bytes(b"PK\x03\x04")
    Path("old.jsonl").write_text('{"format": "monopoly-log", "version": 1, "rules": 1, "seats": []}\n{"n": 1}\n')
    before = Path(old).read_bytes()
    for arguments in (["--resume", old], ["--replay", old]):
        result = run(app, *arguments)
        assert result.exit_code == 1 and result.output.count("\n") == 1
        assert f"Error: {old} is a " in result.output and "of an earlier version" in result.output
        assert Path(old).read_bytes() == before
    assert "g  cannot be read: games/g.npz is a saved game of an earlier version" in run(app, "--list").output


def test_watching(app, model):
    result = run(app, "--watch", "--model", model, "--seed", 2, "--max-turns", 20, "--speed", 0, "--open")
    assert result.exit_code == 0, result.output
    assert "Turn 20: it is Dan's turn." in result.output and "Ada chose to " in result.output
    (path,) = games.saved_paths()
    assert read(path).play().over
    result = run(app, "--seats", "landlord,fp-b", "--seed", 2, "--max-turns", 9, "--speed", 0)
    assert result.exit_code == 0 and "Turn 9: it is Ada's turn." in result.output


def test_several_people_at_one_keyboard(app):
    text = run(
        app, "--seats", "me,me,landlord", "--names", "Zoë,Max", "--seed", 1, "--max-turns", 12, typed="1\nn\n" * 200
    ).output
    assert "\nZoë: " in text and "\nMax: " in text
    assert "Zoë's game, reviewed" in text and "Max's game, reviewed" in text


def test_a_person_that_goes_bankrupt_sees_how(app):
    arguments = ["--seats", "me,landlord,landlord", "--seed", 1, "--starting-cash", 60, "--house-rules", "no_auctions"]
    text = run(app, *arguments, "--max-turns", 400, typed="1\ny\n" * 3000).output
    lost = text.index("You went bankrupt")
    assert text.index("You are bankrupt. Press Enter: you watch the others.") > lost
    assert "won the game." in text[lost:] or "stopped without a winner" in text[lost:]


MISTAKES = [
    (["--seats", "me"], "Error: Monopoly needs 2 to 8 seats. Received: --seats me (1)"),
    (["--seats", "me,hal"], "Error: A seat is one of me, agent, "),
    (["--seats", "me,agent", "--model", "no.keras"], "Error: No model at no.keras"),
    (["--seats", "me,random", "--seed", "-3"], "Error: A seed is a number from 0"),
    (["--seats", "me,random", "--house-rules", "x"], "Error: --house-rules takes names out of "),
    (["--seats", "me,random", "--starting-cash", "-1"], "Error: starting_cash must lie between"),
    (["--seats", "me,random", "--watch"], "Error: With --watch nobody sits at the table."),
    (["--seats", "random,random", "--speed", "-1"], "Error: A speed is a number of events a second from 0"),
    (["--seats", "random,random", "--speed", "nan"], "Error: A speed is a number of events a second from 0"),
    (["--resume"], "Error: There is no unfinished game in games/."),
    (["--resume", "monday"], "Error: There is no game games/monday.jsonl. --list shows those in games/."),
    (["--resume", ""], "Error: A game has the name of a file, such as monday or folder/monday. Received: ''"),
    (["--resume", "."], "Error: A game has the name of a file, such as monday or folder/monday. Received: '.'"),
    (["--seats", "me,random", "--save", ""], "Error: A game has the name of a file, such as monday or folder/monday."),
    (["--seats", "me,random", "--save", "x" * 300], "Error: No game can have this name: File name too long."),
    (["--seats", "me,random", "--save", "file/x"], "Error: No game can be kept in file/x.jsonl: Not a directory."),
    (["--resume", "--seed", "4"], "Error: A resumed game keeps what it began with. Received: --seed with --resume"),
    (["--resume", "--list"], "Error: Choose one of --resume, --list, --replay and --record."),
    (["monday"], "Error: A saved game is named together with --resume. Received: monday"),
    (["--replay", "no.jsonl"], "Error: There is no game games/no.jsonl. --list shows those in games/."),
    (["--seats", "me,random", "--log", "no/such/"], "Error: No game can be kept in no/such: Not a directory."),
    (["--seats", "me,random", "--log", "a", "--save", "b"], "Error: A game is kept in one file, its log: "),
    (["--resume", "--log", "a"], "Error: A resumed game keeps what it began with. Received: --log with --resume"),
]


@pytest.mark.parametrize(("arguments", "said"), MISTAKES, ids=[" ".join(arguments) for arguments, _ in MISTAKES])
def test_a_mistake_on_the_command_line_is_one_line(app, arguments, said, tmp_path):
    if "no/such/" in arguments:
        Path("no").write_text("a file where a folder should be")
    Path("file").write_text("")
    result = run(app, *arguments)
    assert result.exit_code == 1
    assert result.output.startswith(said) and result.output.count("\n") == 1
    assert not list(tmp_path.glob("games/*"))


@pytest.mark.parametrize("option", ["--seed=x", "--speed=x", "--nonsense", "--max-turns=1.5"])
def test_what_the_command_line_cannot_parse(app, option):
    assert run(app, option).exit_code == 2


def test_files_are_not_overwritten(app):
    Path("here.jsonl").write_text("mine")
    Path("log.jsonl").write_text("mine")
    for option, path in (("--save", "here.jsonl"), ("--log", "log.jsonl")):
        result = run(app, "--seats", "me,random", option, path)
        assert result.exit_code == 1 and f"{path} exists already" in result.output
        assert Path(path).read_text() == "mine"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.slow
@pytest.mark.parametrize("typed", ["--list", "--replay g.jsonl --speed 0", "--seats me,random --save f"])
def test_an_output_that_takes_nothing_is_one_line_and_loses_no_game(app, typed):
    run(app, "--seats", "me,random", "--log", "g.jsonl", typed="q\n")
    with open("/dev/full", "w") as full:
        command = [sys.executable, str(SCRIPT), *typed.split()]
        result = subprocess.run(command, input="q\n", stdout=full, stderr=subprocess.PIPE, text=True, timeout=300)
    assert (result.returncode, result.stderr) == (1, "Error: Cannot write the output: No space left on device.\n")
    assert read(Path("g.jsonl")).play().rows
    if "--save" in typed:
        assert read(Path("games/f.jsonl")).play().rows


def test_help_starts_neither_tensorflow_nor_the_compiler():
    code = (
        "import sys; sys.argv = ['play.py', '--help']\n"
        "import runpy\n"
        f"try:\n    runpy.run_path({str(SCRIPT)!r}, run_name='__main__')\n"
        "except SystemExit as end:\n    assert not end.code\n"
        "heavy = {'tensorflow', 'keras', 'numba', 'numpy'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert result.returncode == 0, result.stderr
    assert "--seats" in result.stdout and "--resume" in result.stdout


@pytest.mark.slow
def test_playing_against_a_network_does_not_start_tensorflow(model):
    code = (
        "import sys\n"
        "from agent.play.program import run\n"
        "from agent.play.arguments import Arguments, Wishes\n"
        f"run(Arguments(Wishes('me,agent', models=[{model!r}], seed=1)))\n"
        "assert 'tensorflow' not in sys.modules and 'keras' not in sys.modules\n"
    )
    result = subprocess.run([sys.executable, "-c", code], input="1\n1\n", capture_output=True, text=True, timeout=300)
    assert result.returncode == 0, result.stderr
