# %% [markdown]
# # First look: what is in 20 Newsgroups, and which groups overlap?
#
# Posts to twenty Usenet groups from 1993, each with the group that it was posted to. Seen through a text encoder: which
# groups blend into each other, which posts stand apart, which are nearly the same, and can one find a post by its meaning?
#
# Everything that the views show is also a plain Python result. The whole notebook takes less than a minute on two cores.

# %%
import numpy as np

import embedscope as es

items = es.load_items("newsgroups", sample=800, seed=0)
items

# %% [markdown]
# ## From texts to a space
# all-MiniLM-L6-v2 turns each post into 384 numbers. It reads up to 256 tokens; it was trained on 128, which take half the time.
# The vectors are kept: run the cell again and nothing is computed; stop it half-way and it goes on from there.

# %%
minilm = es.load_encoder("minilm", max_length=128)
space = es.encode(items, minilm)
space

# %% [markdown]
# ## The map
# Drag to pan, scroll to zoom: finer names come. Hold shift and drag to draw a lasso, click a name in the legend to see that
# group alone, click a point to see its neighbours, and type into the box to find words; Enter finds their meaning.
# A map bends distances, so it comes with its *trustworthiness*: the share, roughly, of what looks near that is near. Choose
# *trust in the map* under *Colour by* to see where the map is to be believed.

# %%
layout = es.layout(space, random_state=0)
clusters = es.cluster(space, layout)
scope = es.explore(space, layout=layout, clusters=clusters, color="label", title="20 Newsgroups")
scope

# %% [markdown]
# The clusters are found on the map and named by the words that set them apart from the others.

# %%
clusters.summary()

# %% [markdown]
# ## Which groups overlap?
# Not read off the map: counted among the ten nearest neighbours of every post, in all 384 dimensions. A row says where the
# neighbours of a group's posts were posted.

# %%
groups, codes = np.unique(items.column("label"), return_inverse=True)
nearest = space.neighbors(10).indices
mixing = np.zeros((len(groups), len(groups)))
np.add.at(mixing, (codes[:, None], codes[nearest]), 1)
mixing /= mixing.sum(axis=1, keepdims=True)

off_diagonal = np.where(np.eye(len(groups), dtype=bool), 0, mixing)
for a, b in zip(*np.unravel_index(np.argsort(-off_diagonal, axis=None)[:8], mixing.shape), strict=True):
    print(f"{mixing[a, b]:4.0%} of the neighbours of {groups[a]} are in {groups[b]}")

# %% [markdown]
# ## Which posts stand apart, and which are nearly the same?
# A post whose fifth neighbour is far is like nothing else here. A first neighbour at almost no distance is a copy, a quote or
# a repost.

# %%
distances = space.neighbors(10).distances
outliers = np.argsort(-distances[:, 4])[:5]
for row in outliers:
    print(f"{distances[row, 4]:.2f}  {groups[codes[row]]:<24} {items.snippet(row, 70)}")

# %%
twins = np.argsort(distances[:, 0])[:8]
for row in twins:
    other = nearest[row, 0]
    print(f"{distances[row, 0]:.3f}  {items.snippet(row, 45)!r}  ~  {items.snippet(other, 45)!r}")

# %% [markdown]
# ## Ask in your own words
# The query goes through the same encoder; what comes back shares its meaning, not its words.

# %%
space.search("how do I get more horsepower out of an old engine", k=5)

# %% [markdown]
# ## A selection is plain Python, both ways
# Draw a lasso on the map and read `scope.selection`; or set it, and see it there, with what it is made of against the whole.
# A selection that is named lives with its space.

# %%
scope.selection = [items.ids[row] for row in outliers]
scope.selections["stand apart"] = scope.selection
scope.selected_items

# %% [markdown]
# The same words work as magics. A variable's name stands for the variable; `%embedscope --help` lists the verbs.

# %%
# %load_ext embedscope
# %embedscope neighbors space "is there life after death" -k 3

# %% [markdown]
# ## Keep what was found
# A picture of the map, the clusters and the neighbours as tables. `space.save("folder")` keeps the space itself.

# %%
import pyarrow as pa
import pyarrow.csv as csv

scope.selection = []
scope.to_png("map.png")
csv.write_csv(clusters.summary().to_frame(), "clusters.csv")
edges = {
    "id": np.repeat(items.ids, 10),
    "neighbor": np.array(items.ids)[nearest.ravel()],
    "distance": distances.ravel(),
}
csv.write_csv(pa.table(edges), "neighbors.csv")

# %% [markdown]
# ## The full corpus
# All 18,821 posts take some minutes on two cores, or seconds on a GPU. Set `FULL = True`.

# %%
FULL = False
if FULL:
    everything = es.encode(es.load_items("newsgroups"), minilm)
    display(es.explore(everything, color="label"))

# %% [markdown]
# ## The answer
# The map can be trusted, and the groups that overlap are those that one would expect: kinds of computers, sports, religion
# and politics.

# %%
a, b = np.unravel_index(np.argmax(off_diagonal), mixing.shape)
print(f"Most alike: {groups[a]} and {groups[b]}. The map's trustworthiness is {layout.trustworthiness:.3f}.")
assert layout.trustworthiness > 0.9
assert groups[a].split(".")[0] == groups[b].split(".")[0] or {"religion", "atheism"} & {
    *groups[a].split("."),
    *groups[b].split("."),
}
