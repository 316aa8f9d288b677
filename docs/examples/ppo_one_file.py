"""PPO in one file: 23 numbers in, 7 probabilities out (Schulman et al. 2017). Less than five minutes on two cores.

    python docs/examples/ppo_one_file.py 100000 2        # 100,000 decisions, seed 2

In the shapes n is any number of states, N the games side by side, T the decisions in each between two updates, M the rows
of a minibatch. Which actions are legal is masked before the softmax, when acting and when learning.
"""

import sys

import gymnasium
import keras
import numpy as np
import tensorflow as tf

N, T, M, EPOCHS = 512, 64, 2048, 3
GAMMA, LAMBDA, CLIP, ENTROPY, LEARNING_RATE = 0.999, 0.95, 0.2, 0.01, 2e-3
OPPONENTS = ["landlord", "landlord", "landlord", "fp-a", "fp-b", "fp-c", "random"]  # drawn anew for every seat


def network(outputs: int) -> keras.Model:
    """Return a network (n, 23) -> (n, outputs)."""
    layers = [keras.Input((23,))]  # (n, 23)
    for _ in range(2):
        layers += [keras.layers.Dense(150), keras.layers.LayerNormalization(), keras.layers.ReLU()]  # (n, 150)
    return keras.Sequential([*layers, keras.layers.Dense(outputs, kernel_initializer="zeros")])  # (n, outputs)


def train(decisions: int = 5_000_000, seed: int = 1, observation: str = "assessed") -> keras.Model:
    """Return a trained network (n, 23) -> (n, 7) of action probabilities. ``observation``: see ``facts_alone.py``."""
    keras.utils.set_random_seed(seed)
    rng = np.random.default_rng(seed)
    policy, critic = network(7), network(1)
    optimizer = keras.optimizers.Adam(LEARNING_RATE, epsilon=1e-5, global_clipnorm=0.5)
    weights = policy.trainable_variables + critic.trainable_variables
    optimizer.build(weights)

    def log_policy(states, masks):
        return tf.nn.log_softmax(tf.where(masks == 1, policy(states), -1e9))  # (n, 23), (n, 7) -> (n, 7)

    @tf.function
    def act(states, masks):
        log_probs = log_policy(states, masks)  # (n, 7)
        actions = tf.random.categorical(log_probs, 1)[:, 0]  # (n,)
        return actions, tf.gather(log_probs, actions, batch_dims=1), critic(states)[:, 0]  # (n,), (n,), (n,)

    @tf.function
    def learn(states, masks, actions, old_log_probs, advantages, returns):  # (M, 23), (M, 7), (M,), (M,), (M,), (M,)
        with tf.GradientTape() as tape:
            log_probs = log_policy(states, masks)  # (M, 7)
            ratio = tf.exp(tf.gather(log_probs, actions, batch_dims=1) - old_log_probs)  # (M,), of the action taken
            clipped = tf.clip_by_value(ratio, 1 - CLIP, 1 + CLIP)  # (M,)
            policy_loss = -tf.reduce_mean(tf.minimum(ratio * advantages, clipped * advantages))  # ()
            value_loss = tf.reduce_mean((critic(states)[:, 0] - returns) ** 2)  # (M, 1) -> (M,) -> ()
            entropy = -tf.reduce_mean(tf.reduce_sum(tf.exp(log_probs) * log_probs, axis=1))  # (M, 7) -> (M,) -> ()
            loss = policy_loss + 0.5 * value_loss - ENTROPY * entropy  # ()
        optimizer.apply(tape.gradient(loss, [weight.value for weight in weights]), weights)

    options = {"opponents": rng.choice(OPPONENTS, (N, 3)).tolist(), "observation": observation}  # (N, 3) names
    envs = gymnasium.make_vec("monopoly_env:Monopoly-v0", num_envs=N, autoreset_mode="SameStep", **options)
    states, info = envs.reset(seed=seed * N)  # (N, 23)
    updates = max(decisions // (N * T), 1)
    for update in range(updates):
        optimizer.learning_rate = LEARNING_RATE * (1 - update / updates)
        rollout, won, lost = [], 0, 0
        for _ in range(T):
            masks = info["action_mask"]  # (N, 7), 1 = legal
            actions, log_probs, values = (each.numpy() for each in act(states, masks))  # (N,), (N,), (N,)
            before = states, masks, actions, log_probs, values
            states, rewards, terminated, truncated, info = envs.step(actions)  # (N, 23), (N,), (N,), (N,)
            after = np.zeros(N, np.float32)  # (N,), what follows the end of a game: nothing, if it was won or lost
            if truncated.any():  # stopped by the turn cap: the last state (n, 23) still has a value
                after[truncated] = critic(np.stack(info["final_obs"][truncated]))[:, 0]  # (n,)
            rollout.append((*before, rewards, terminated | truncated, after))
            won, lost = won + int((terminated & (rewards > 0)).sum()), lost + int((terminated & (rewards <= 0)).sum())
        saw, masks, actions, log_probs, values, rewards, ended, after = map(np.stack, zip(*rollout, strict=True))  # (T, N, ...)
        advantages, advantage = np.zeros((T, N), np.float32), np.zeros(N)  # (T, N), (N,)
        value = critic(states)[:, 0].numpy()  # (N, 23) -> (N, 1) -> (N,)
        for t in reversed(range(T)):  # generalised advantage estimates (Schulman et al. 2016)
            delta = rewards[t] + GAMMA * np.where(ended[t], after[t], value) - values[t]  # (N,)
            advantages[t] = advantage = delta + GAMMA * LAMBDA * np.where(ended[t], 0, advantage)  # (N,)
            value = values[t]  # (N,)
        returns = advantages + values  # (T, N)
        advantages = (advantages - advantages.mean()) / (advantages.std() + 1e-8)  # (T, N)
        columns = [saw, masks, actions, log_probs, advantages, returns]  # (T, N, ...) each
        columns = [each.reshape(T * N, *each.shape[2:]) for each in columns]  # (T * N, ...) each
        for _ in range(EPOCHS):
            for rows in rng.permutation(T * N).reshape(-1, M):  # (M,)
                learn(*(each[rows] for each in columns))  # (T * N, ...) -> (M, ...)
        print(f"update {update + 1}/{updates}: won {won}, lost {lost} games", flush=True)
    return keras.Sequential([*policy.layers, keras.layers.Softmax()])  # (n, 23) -> (n, 7), each row sums to 1


if __name__ == "__main__":
    from agent import Player, play_match, save_model

    model = train(*(int(word) for word in sys.argv[1:]))
    save_model(model, "runs/ppo_one_file.keras")  # python scripts/play.py --model runs/ppo_one_file.keras
    for opponents in (["random"] * 3, ["landlord"] * 3, ["fp-a", "fp-b", "fp-c"]):
        print(", ".join(opponents), play_match(Player(model), opponents, games=2000), sep="\n")
