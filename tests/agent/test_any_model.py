"""Whatever Keras model gives `(None, 23) -> (None, 7)` plays: in memory, and from the file that plain `model.save` writes."""

import pickle

import numpy as np
import pytest

from agent import Player, Training, evaluate, load_model, play_match, save_model
from agent.learning.config import TrainConfig
from agent.learning.network import keras
from agent.learning.ppo import PPO
from agent.learning.q_learning import QLearning
from agent.players.model_file import ModelError

layers = keras.layers
RNG = np.random.default_rng(0)
STATES = RNG.random((40, 23), dtype=np.float32)
MASKS = (RNG.random((40, 7)) < 0.4).astype(np.int8)
MASKS[:, 0] = 1
CONFIG = {"hidden": (8,), "decisions": 256, "num_envs": 8, "rollout_steps": 4, "minibatches": 2, "xla": False}


class Own(keras.Model):
    """A class of one's own, which has no shapes before it is called and cannot be made again from a file."""

    def __init__(self, units):
        super().__init__()
        self.last = layers.Dense(7, "softmax")  # made first, called last
        self.hidden = layers.Dense(units, "tanh")

    def call(self, states):
        return self.last(self.hidden(states))


def ending(activation):
    return keras.Sequential([keras.Input((23,)), layers.Dense(9, "relu"), layers.Dense(7, activation)])


def dueling():
    state = keras.Input((23,))
    hidden = layers.Dense(9, "relu")(state)
    return keras.Model(state, layers.Add()([layers.Dense(7)(hidden), layers.Dense(1)(hidden)]))


def softmax_as_an_operation():
    state = keras.Input((23,))
    return keras.Model(state, keras.ops.softmax(layers.Dense(7)(state)))


def without_input():
    return keras.Sequential([layers.Dense(9, "relu"), layers.Dense(7, "softmax")])


def fitted_without_input():
    model = without_input()
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(STATES, np.zeros(40), batch_size=8, verbose=0)
    return model


def recurrent():
    return keras.Sequential([keras.Input((23,)), layers.Reshape((23, 1)), layers.LSTM(5), layers.Dropout(0.5), layers.Dense(7)])


def nested():
    return keras.Sequential([keras.Input((23,)), layers.Dense(5, "tanh"), keras.Sequential([layers.Dense(7, "softmax")])])


MODELS = {
    "sigmoid": (lambda: ending("sigmoid"), None),
    "tanh": (lambda: ending("tanh"), None),
    "relu": (lambda: ending("relu"), None),
    "softmax": (lambda: ending("softmax"), "softmax"),
    "linear": (lambda: ending(None), "linear"),
    "dueling": (dueling, None),
    "operation": (softmax_as_an_operation, "softmax"),
    "without Input": (without_input, "softmax"),
    "fitted": (fitted_without_input, "softmax"),
    "lstm": (recurrent, "linear"),
    "nested": (nested, "softmax"),
    "class": (lambda: Own(4), None),
}


def agrees(player, model):
    """The player gives the model's numbers, alone and in a batch, and takes the best legal action."""
    expected = np.asarray(model(STATES, training=False))
    np.testing.assert_allclose(player.outputs(STATES), expected, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(player.action_values(STATES[3]), expected[3], rtol=1e-4, atol=1e-5)
    best = np.where(MASKS == 1, player.outputs(STATES), -np.inf).argmax(axis=1)
    np.testing.assert_array_equal(player.batch(STATES, MASKS), best)
    return True


@pytest.mark.parametrize("name", MODELS)
def test_it_plays(name):
    make, head = MODELS[name]
    model = make()
    player = Player(model)
    assert player.head == head
    assert agrees(player, model)
    assert play_match(model, ["random"], games=4, max_turns=20).games == 4


@pytest.mark.parametrize("name", [name for name in MODELS if name != "class"])
def test_the_file_of_plain_model_save_plays(name, tmp_path, capsys):
    make, head = MODELS[name]
    model, path = make(), tmp_path / "my.keras"
    model(STATES)
    model.save(path)
    player = Player.load(path)
    assert player.head == head and agrees(player, model) and agrees(Player(load_model(path)), model)
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 1 and "my.keras does not say which state layout it was made for; it is taken" in told[0]
    matches = evaluate(path, against=("random", "landlord,agent"), games=3, max_turns=20)
    assert {names: match.games for names, match in matches.items()} == {"random": 3, "landlord,agent": 3}
    assert capsys.readouterr().err == ""


def test_a_file_without_weights_is_refused(tmp_path):
    with pytest.warns(UserWarning, match="not yet been built"):
        without_input().save(tmp_path / "m.keras")
    with pytest.raises(ModelError, match=r"m\.keras holds no weights: its model was saved before it was first called"):
        Player.load(tmp_path / "m.keras")


@pytest.mark.parametrize("module", ["__main__", "mine.networks"])
def test_a_class_of_ones_own_is_refused_in_a_file(module, tmp_path):
    plain = type("Plain", (keras.Sequential,), {"__module__": module})([keras.Input((23,)), layers.Dense(7)])
    for model in (plain, Own(4)):
        with pytest.raises(ModelError, match=rf"^The model holds code \({type(model).__name__}\), which"):
            save_model(model, tmp_path / "m.keras")
    assert not list(tmp_path.iterdir())
    plain.save(tmp_path / "m.keras")
    with pytest.raises(ModelError, match=r"m\.keras holds code \(Plain\), which is never run"):
        Player.load(tmp_path / "m.keras")


@pytest.mark.parametrize("name", ["tanh", "dueling", "lstm", "class"])
def test_a_player_that_tensorflow_runs_travels_to_other_processes(name):
    model = MODELS[name][0]()
    assert agrees(pickle.loads(pickle.dumps(Player(model))), model)


@pytest.mark.parametrize("name", MODELS)
def test_a_player_keeps_its_strength_while_any_model_trains_on(name):
    model = MODELS[name][0]()
    player = Player(model)
    before = player.outputs(STATES)
    model.set_weights([weights + 1 for weights in model.get_weights()])
    np.testing.assert_array_equal(player.outputs(STATES), before)


@pytest.mark.parametrize("name", ["tanh", "dueling", "class"])
def test_drawing_needs_a_head_and_says_how_to_give_it(name, tmp_path):
    model = MODELS[name][0]()
    with pytest.raises(ValueError, match=r'say Player\(model, head="linear"\)') as told:
        Player(model).act(STATES[0], np.ones(7), np.random.default_rng(0))
    assert "\n" not in str(told.value)
    head = "softmax" if name == "class" else "linear"
    players = [Player(model, head=head)]
    if name != "class":
        save_model(model, tmp_path / "m.keras", head=head)
        players += [Player.load(tmp_path / "m.keras")]
        model.save(tmp_path / "plain.keras")
        players += [Player.load(tmp_path / "plain.keras", head=head)]
    for player in players:
        assert player.head == head
        drawn = player.batch(STATES, MASKS, np.random.default_rng(0))
        assert MASKS[np.arange(40), drawn].all()


def test_a_head_that_is_not_the_models_is_refused(tmp_path):
    for model, head, message in (
        (ending("softmax"), "linear", "says its head is 'linear', but the network ends in 'softmax'"),
        (ending("tanh"), "tanh", r"one of the heads softmax, linear\. Received: 'tanh'"),
    ):
        for call in (lambda: Player(model, head=head), lambda: save_model(model, tmp_path / "m.keras", head=head)):  # noqa: B023
            with pytest.raises(ModelError, match=message):
                call()
    assert not list(tmp_path.iterdir())


def test_models_of_other_shapes_are_refused_in_one_line(tmp_path):
    for model, message in (
        (keras.Sequential([keras.Input((22,)), layers.Dense(7)]), r"must take \(None, 23\).*input \(None, 22\)"),
        (keras.Sequential([keras.Input((23,)), layers.Dense(8)]), r"output \(None, 8\)"),
        (keras.Sequential([layers.Dense(8)]), r"output \((None|2), 8\)"),
        (keras.Sequential([keras.Input((1, 23)), layers.LSTM(7)]), r"input \(None, 1, 23\)"),
        (keras.Sequential([layers.LSTM(7)]), "fails on two states"),
        ("my.keras", "must take"),
    ):
        for call in (lambda: Player(model), lambda: save_model(model, tmp_path / "m.keras")):  # noqa: B023
            with pytest.raises(ModelError, match=message) as told:
                call()
            assert "\n" not in str(told.value)


def test_files_of_other_shapes_are_refused(tmp_path):
    keras.Sequential([keras.Input((22,)), layers.Dense(7)]).save(tmp_path / "m.keras")
    for load in (load_model, Player.load):
        with pytest.raises(ModelError, match=r"must take \(None, 23\) and return \(None, 7\). Received: input \(None, 22\)"):
            load(tmp_path / "m.keras")


def test_code_inside_a_model_is_not_saved(tmp_path):
    model = keras.Sequential([keras.Input((23,)), layers.Dense(7), layers.Lambda(lambda x: x, output_shape=(7,))])
    with pytest.raises(ModelError, match=r"The model holds code \(Lambda\)"):
        save_model(model, tmp_path / "m.keras")
    model.save(tmp_path / "l.keras")
    with pytest.raises(ModelError, match=r"holds code \(Lambda\), which is never run"):
        load_model(tmp_path / "l.keras")
    assert not (tmp_path / "m.keras").exists()


def test_a_loss_of_ones_own_does_not_stand_in_the_way_of_a_file(tmp_path):
    model = ending("softmax")
    model.compile("adam", lambda wanted, received: keras.ops.mean(wanted - received))
    model.save(tmp_path / "m.keras")
    assert agrees(Player.load(tmp_path / "m.keras"), model)


@pytest.mark.parametrize("name", ["softmax", "without Input", "operation", "nested"])
def test_ppo_trains_a_policy_of_ones_own(name):
    config = TrainConfig(**CONFIG)
    model = MODELS[name][0]()
    training = Training(config, PPO(config, model=model))
    before = np.array(model(STATES))
    training.step()
    assert np.abs(np.array(model(STATES)) - before).max() > 1e-6
    assert agrees(Player(training.learner.model), model)


@pytest.mark.parametrize("name", ["dueling", "linear", "lstm"])
def test_q_learning_trains_a_network_of_ones_own(name):
    config = TrainConfig.for_head("linear", **CONFIG)
    model = MODELS[name][0]()
    training = Training(config, QLearning(config, model=model))
    before = np.array(model(STATES))
    training.step()
    assert np.abs(np.array(model(STATES)) - before).max() > 1e-6


def test_ppo_says_what_it_cannot_train():
    config = TrainConfig(**CONFIG)
    for model in (ending("tanh"), Own(3)):
        with pytest.raises(ValueError, match="A policy to train ends in a softmax"):
            PPO(config, model=model)
    with pytest.raises(ValueError, match=r"must take \(None, 23\)"):
        PPO(config, model=keras.Sequential([layers.Dense(6, "softmax")]))
