# %% [markdown]
# # Specialists to universal: can one model stand in for three?
#
# A network that was trained on emoji tells emoji apart, and is poor at logos. Whoever searches pictures of all kinds would need a
# specialist for each kind, and would have to know the kind before asking. Here three specialists, for emoji, logos and flags, teach
# *one* network what they see. Does it see as well as each of them? And where it does not: what was lost?
#
# The notebook takes less than three minutes on two cores, without a GPU. What it trains lies in the folder `runs` beside it: run the
# notebook again, and the same calls find the finished runs at once. Delete that folder to train anew.

# %%
import numpy as np

import embedscope as es
from embedscope.evaluation.splits import split_classes

drawn = es.load_items("emoji", vendors=("google", "twitter", "openmoji"), shared=True)
flags = drawn.take(drawn.column("subcategory") == "country-flag")
things = drawn.take(~np.isin(drawn.column("category"), ["Flags", "People & Body"]))
some = np.random.default_rng(0).choice(np.unique(things.column("label")), 450, replace=False)
domains = {
    "emoji": things.take(np.isin(things.column("label"), some)),
    "logos": es.load_items("logos", min_sets=4),
    "flags": flags,
}

# %% [markdown]
# ## Classes that no model has seen
# A class is an emoji, a brand or a country, and several hands drew each. The question is always the same: is the drawing nearest to
# this one another drawing of the same thing? The share of *yes* is **Recall@1**. Classes are split, not drawings: half of the classes
# to train on, a few to choose the best moment by (*validation*), and a third that is met only when a model is judged. A model that
# merely remembers its classes gains nothing there. (People are left out: a man farmer and a woman farmer would stand on both sides.)

# %%
shares = {"train": 0.5, "validation": 0.15, "test": 0.35}
train, validation, test = {}, {}, {}
for name, items in domains.items():
    train[name], validation[name], test[name] = split_classes(items, parts=shares).values()
    sizes = [f"{len(np.unique(part[name].column('label')))} classes" for part in (train, validation, test)]
    print(f"{name}: {len(items)} drawings, {sizes[0]} to train, {sizes[1]} to validate, {sizes[2]} to test")

# %% [markdown]
# ## Three specialists
# Each starts from the same network, which has seen a million photos and no drawings; it looks at 96 × 96 pixels here. All of it but
# the last layer stays *frozen*: what the frozen part makes of a picture is computed once and kept. Trained are the last layer and a
# small *head*, which makes 64 numbers of it, so that seeing all pictures once takes about a second. The loss (*proxy anchor*) pulls
# the drawings of a class to one point and pushes all others away from it.
#
# `es.train_specialist` returns at once: the training is a process of its own, which lives on when this notebook is closed; `wait`
# waits for it. The state that finds most on the validation's classes is kept.

# %%
budget = {"image_size": 96, "trained_blocks": 0, "variants": 1, "epochs": 30, "rate": 1e-3}
specialists = {}
for name, items in train.items():
    specialists[name] = es.train_specialist({name: items}, validation={name: validation[name]}, **budget)
    specialists[name].wait()
specialists["emoji"]

# %% [markdown]
# ## Good at its own
# Read it row by row: how often a model is right in each domain, on the classes of the test. *Untouched* is the network before any
# training. Each specialist beats it at its own domain; at the others' it knows less than their own specialist does.

# %%
encoders = {"untouched": es.load_encoder("timm:efficientnet_lite0", image_size=96)}
encoders |= {f"{name} specialist": run.model for name, run in specialists.items()}
recall = {}
print(f"{'Recall@1 at':<17}", *(f"{name:>7}" for name in test))
for model, encoder in encoders.items():
    found = es.evaluate(encoder, test, ks=[1], against="own")
    recall[model] = np.array([found.value("recall@1", name) for name in test])
    print(f"{model:<17}", *(f"{value:7.1%}" for value in recall[model]))

# %% [markdown]
# ## One student for all three
# To *distil* is to train a model on what other models make of the pictures. Take a batch of emoji. For each one the specialist
# measures its distance to all others, and a softmax makes probabilities of the distances: the nearer, the likelier. The student does
# the same with its own distances. The loss is the **KL divergence** of the two: 0 where the student's neighbourhoods are the
# specialist's, and large where it no longer sees a neighbour that the specialist sees. That says more than a class does: which of
# the other things are *nearly* like this one. A batch is of one domain, since a specialist knows nothing of the others. Classes only
# arrange the batches; the loss never sees them.

# %%
run = es.distill(specialists, train, loss="kl", validation=validation, **budget)
view = es.watch(run)
view

# %% [markdown]
# ## Watch it learn
# Before the first step the view says how far the frozen part's numbers are. Then, from top to bottom: the *loss* falls as the student
# comes to agree with its specialists; *Recall@1* on the validation's classes rises, a line for each domain, and a mark shows the best
# step, the one that is kept; *KL* on the same pictures says whose specialist is followed least. On the *map* each point is a picture
# of the validation, coloured by its domain: move the slider to see drawings of one thing come together, step by step. *Pause*,
# *Resume* and *Stop* act on the process. Should this kernel end meanwhile, `es.watch(folder)` finds the run again, by the folder that
# the view names.

# %%
run.wait()

# %% [markdown]
# ## Does it stand in?
# A line for each domain and index; *R@1* is Recall@1, and from *low* to *high* it would lie, nineteen times of twenty, with other
# classes. *Own*: the like of a drawing is looked for among its own domain, as a specialist is asked. *Merged*: among all domains at
# once. No three specialists can be asked that, for the distances of one mean nothing to another.

# %%
universal = run.model
scores = es.evaluate(universal, test)
scores

# %% [markdown]
# Divide by the specialist: 100 % says that nothing was lost, more that the student sees better than who taught it.

# %%
recall["universal"] = np.array([scores.value("recall@1", name, "own") for name in test])
best = np.array([recall[f"{name} specialist"][place] for place, name in enumerate(test)])
kept = recall["universal"] / best
for place, name in enumerate(test):
    print(
        f"{name}: specialist {best[place]:.1%}, universal {recall['universal'][place]:.1%}: {kept[place]:.0%}"
    )

# %% [markdown]
# Some of the drawings that fail, with what lay nearest instead. Not every failure is a blunder: some things look alike, and some
# countries share a flag.

# %%
failed = scores.failures(index="merged")
for row in np.random.default_rng(0).choice(len(failed), 10, replace=False):
    print(f"{failed.ids[row]:<34} nearest: {failed.column('nearest_id')[row]}")

# %% [markdown]
# ## What was lost, and where?
# Recall@1 looks at one neighbour. To see the neighbourhoods as wholes, compare the emoji specialist, as the teacher, with the
# universal model, as the student, on emoji that neither was trained on. Here a line is a category of emoji; *mean KL* is what was
# lost of its neighbourhoods, *between* the part where the student looks into other categories, *within* the part where it sees other
# emoji of the right ones.

# %%
teacher = es.encode(test["emoji"], specialists["emoji"].model)
student = es.encode(test["emoji"], universal)
comparison = es.compare(teacher, student, label="category", names=["emoji specialist", "universal"])
divergence = comparison.divergence()
divergence

# %% [markdown]
# The instrument is that of tutorial 03. In the **heatmap** a row is the category that looks, a column the one that is looked at, and a
# row sums to its mean KL: an orange cell is sight that was lost, a blue one sight that was gained. Click a cell for the emoji that
# make it so, and one of them for its neighbours in both.

# %%
es.explore(comparison, color="category", title="Emoji: what the universal model no longer sees")

# %% [markdown]
# ## The answer
# One small model stands in for three. On classes that none has seen it finds what the specialists find on emoji and on logos, and more
# than its own teacher on flags. Asked among all pictures at once it loses two points in a hundred. What was lost on emoji hardly shows in
# the nearest drawing, but in the neighbourhoods: four fifths of their KL lie *within* the right category, other food and other tools
# than the specialist's, and the most where a category holds things of many shapes: activities, food, objects.
#
# This is one draw of the classes, and specialists that trained for seconds: a ratio over a teacher that could be better flatters. The
# table of `benchmarks/universal` asks the same of five domains, with three seeds and all the rivals of the KL.

# %%
print(f"universal ÷ specialist: {kept.mean():.0%} on average, {kept.min():.0%} at worst")
assert (best > recall["untouched"]).all()
assert recall["universal"].mean() > max(recall[f"{name} specialist"].mean() for name in test)
assert kept.mean() > 0.95
assert kept.min() > 0.85
