"""DQN in one file: 23 numbers in, 7 action values out (Mnih et al. 2015). Less than five minutes on two cores.

    python docs/examples/dqn_one_file.py 100000 2        # 100,000 decisions, seed 2

In the shapes n is any number of states, N the games side by side, M the rows of a minibatch. Only the action taken is
trained, so what the network says of illegal actions means nothing: they are masked before every maximum.
"""

import sys

import gymnasium
import keras
import numpy as np
import tensorflow as tf

N, M, CAPACITY, COPY_EVERY = 64, 512, 400_000, 500
GAMMA, LEARNING_RATE, EPSILON, EXPLORING = 0.99, 1e-3, 0.05, 0.3
OPPONENTS = ["landlord", "landlord", "landlord", "fp-a", "fp-b", "fp-c", "random"]  # drawn anew for every seat


def network() -> keras.Model:
    """Return a network (n, 23) -> (n, 7)."""
    layers = [keras.Input((23,))]  # (n, 23)
    for _ in range(2):
        layers += [keras.layers.Dense(150), keras.layers.LayerNormalization(), keras.layers.ReLU()]  # (n, 150)
    return keras.Sequential([*layers, keras.layers.Dense(7)])  # (n, 7), linear: values may be any numbers


def train(decisions: int = 1_200_000, seed: int = 1) -> keras.Model:
    """Return a trained network (n, 23) -> (n, 7) of action values."""
    keras.utils.set_random_seed(seed)
    rng = np.random.default_rng(seed)
    online, target = network(), network()
    target.set_weights(online.get_weights())
    optimizer = keras.optimizers.Adam(LEARNING_RATE, global_clipnorm=10.0)
    optimizer.build(online.trainable_variables)

    @tf.function
    def best(states, masks):
        return tf.argmax(tf.where(masks == 1, online(states), -1e9), axis=1)  # (n, 23), (n, 7) -> (n, 7) -> (n,)

    @tf.function
    def learn(states, actions, rewards, next_states, next_masks, terminated):  # (M, 23), (M,), (M,), (M, 23), (M, 7), (M,)
        next_values = tf.where(next_masks == 1, target(next_states), -1e9)  # (M, 23), (M, 7) -> (M, 7)
        next_values = tf.reduce_max(next_values, axis=1)  # (M, 7) -> (M,), the best legal one
        wanted = rewards + GAMMA * next_values * (1 - terminated)  # (M,)
        with tf.GradientTape() as tape:
            values = tf.gather(online(states), actions, batch_dims=1)  # (M, 7) -> (M,), of the action taken
            loss = tf.reduce_mean(keras.losses.huber(wanted[:, None], values[:, None]))  # (M, 1), (M, 1) -> (M,) -> ()
        gradients = tape.gradient(loss, [weight.value for weight in online.trainable_variables])
        optimizer.apply(gradients, online.trainable_variables)

    opponents = rng.choice(OPPONENTS, (N, 3)).tolist()  # (N, 3) names
    envs = gymnasium.make_vec("monopoly_env:Monopoly-v0", num_envs=N, opponents=opponents, autoreset_mode="SameStep")
    states, info = envs.reset(seed=seed * N)  # (N, 23)
    shapes = (23,), (), (), (23,), (7,), ()  # of what one decision leaves in the replay buffer
    kinds = np.float32, np.int32, np.float32, np.float32, np.int8, np.float32
    replay = [np.zeros((CAPACITY, *shape), kind) for shape, kind in zip(shapes, kinds, strict=True)]  # (CAPACITY, ...) each
    steps, won, lost = max(decisions // N, 1), 0, 0
    for step in range(steps):
        progress = step / steps
        epsilon = max(EPSILON, 1 - progress / EXPLORING)
        optimizer.learning_rate = LEARNING_RATE * (1 - progress)
        masks = info["action_mask"]  # (N, 7), 1 = legal
        drawn = (masks * rng.random((N, 7))).argmax(axis=1)  # (N,), a legal action at random
        actions = np.where(rng.random(N) < epsilon, drawn, best(states, masks))  # (N,)
        following, rewards, terminated, truncated, info = envs.step(actions)  # (N, 23), (N,), (N,), (N,)
        next_states, next_masks = following.copy(), info["action_mask"].copy()  # (N, 23), (N, 7)
        if truncated.any():  # stopped by the turn cap, not lost: it goes on from its last state, not from the new game's first
            next_states[truncated] = np.stack(info["final_obs"][truncated])  # (n, 23)
            next_masks[truncated] = info["final_info"]["action_mask"][truncated]  # (n, 7)
        rows = np.arange(step * N, (step + 1) * N) % CAPACITY  # (N,), the oldest are overwritten
        for column, new in zip(replay, (states, actions, rewards, next_states, next_masks, terminated), strict=True):
            column[rows] = new  # (N, ...)
        states = following  # (N, 23)
        won, lost = won + int((terminated & (rewards > 0)).sum()), lost + int((terminated & (rewards <= 0)).sum())
        rows = rng.integers(min((step + 1) * N, CAPACITY), size=M)  # (M,)
        learn(*(column[rows] for column in replay))  # (CAPACITY, ...) -> (M, ...)
        if step % COPY_EVERY == 0:
            target.set_weights(online.get_weights())
        if (step + 1) % 1000 == 0 or step + 1 == steps:
            print(f"step {step + 1}/{steps}: epsilon {epsilon:.2f}, won {won}, lost {lost} games", flush=True)
            won = lost = 0
    return online


if __name__ == "__main__":
    from agent import Player, play_match, save_model

    model = train(*(int(word) for word in sys.argv[1:]))
    save_model(model, "runs/dqn_one_file.keras")  # python scripts/play.py --model runs/dqn_one_file.keras
    for opponents in (["random"] * 3, ["landlord"] * 3, ["fp-a", "fp-b", "fp-c"]):
        print(", ".join(opponents), play_match(Player(model), opponents, games=2000), sep="\n")
