# %% [markdown]
# # Teacher and student: what does a smaller model lose, and where?
#
# MiniLM reads a post with six layers of attention. wordllama adds up one fixed vector a word, in a small part of the time. Does it
# see the same neighbours? One number will not say. This notebook goes from the number to the newsgroups that
# suffer, and from there to the very posts. It takes about a minute on two cores.

# %%
import numpy as np

import embedscope as es

items = es.load_items("newsgroups", sample=800, seed=0)
teacher = es.encode(items, es.load_encoder("minilm", max_length=128))
student = es.encode(items, es.load_encoder("wordllama"))
comparison = es.compare(teacher, student, label="label", names=["MiniLM", "wordllama"])
comparison

# %% [markdown]
# The two are matched by the posts' ids. That they differ in dims does not matter: every measure looks at distances within one space.
#
# ## The instrument
# Everything is linked. Drag the slider from one map to the other. Click a cell of the heatmap: the posts that make it what it is are
# selected, and their neighbours stand side by side. Click a bin of the distances to see its pairs. Click a post to walk on.

# %%
explorer = es.explore(comparison, color="label", title="20 Newsgroups: MiniLM and wordllama")
explorer

# %% [markdown]
# ## Who keeps their neighbours?
# Of each post's ten nearest in the teacher, how many are among the student's ten nearest? Chance is 10 in 799.

# %%
overlap = comparison.neighbors(10)
overlap.summary()

# %%
overlap.by("label")

# %% [markdown]
# Which newsgroups suffer? Look at the two ends. A group with words of its own, such as names of places and of peoples, can be told
# by its words alone. What is told by how words stand together suffers.

# %%
groups, means = overlap.by_group("label")
order = np.argsort(means.means)
for place in [*order[:4], *order[-4:]]:
    print(
        f"{groups.names[place]:<26} keeps {means.means[place]:.0%} (95 % interval {means.low[place]:.0%} to {means.high[place]:.0%})"
    )

# %% [markdown]
# ## Where did the neighbours go?
# Each post's neighbourhood is a distribution over all other posts: the nearer, the likelier. Its divergence KL(teacher‖student) splits
# exactly into a part *between* groups (the student looks into other newsgroups) and a part *within* (the right newsgroup, other posts).
# In the heatmap a row sums to its group's mean.

# %%
divergence = comparison.divergence(by="label")
divergence

# %%
heatmap = divergence.heatmap
moved = heatmap.student_mass - heatmap.teacher_mass
np.fill_diagonal(moved, 0)
for a, b in zip(*np.unravel_index(np.argsort(-np.abs(moved), axis=None)[:6], moved.shape), strict=True):
    before, after = heatmap.teacher_mass[a, b], heatmap.student_mass[a, b]
    print(f"{heatmap.names[a]:<24} looks at {heatmap.names[b]:<26} {before:5.1%} -> {after:5.1%}")

# %% [markdown]
# ## To the very posts
# The cell of largest contribution off the diagonal, its worst post, and what became of that post's neighbours.

# %%
contribution = divergence.layer("contribution").copy()
np.fill_diagonal(contribution, -np.inf)
a, b = np.unravel_index(contribution.argmax(), contribution.shape)
worst = divergence.worst_anchors(a, b, k=5)
print(f"{heatmap.names[a]} x {heatmap.names[b]}: {contribution[a, b]:.3f} nats a post")
explorer.selection = [items.ids[row] for row in worst.rows]
explorer.focus = items.ids[worst.rows[0]]
overlap.changes(explorer.focus)

# %% [markdown]
# ## Distances
# Is a pair of one newsgroup nearer than a pair of two? The area under the curve says how often. Then the pairs that moved farthest:
# near in the teacher, far in the student.

# %%
distances = comparison.distances()
print(*(f"{side}: AUC {distances.separation(side).auc:.3f}" for side in ("teacher", "student")), sep="\n")
distances

# %%
pairs = distances["all"]
apart = np.argwhere(pairs.joint)
gap = apart[:, 1] - apart[:, 0]
for row, column in apart[np.argsort(-gap, kind="stable")[:3]]:
    one, other = pairs.examples(row, column)[0]
    print(f"{distances.edges[row]:.2f} -> {distances.edges[column]:.2f}")
    print("   ", items.snippet(int(one), 90))
    print("   ", items.snippet(int(other), 90))

# %% [markdown]
# ## How many numbers does the student need?
# wordllama was trained so that its first dims stand alone. The slider under the two lists of neighbours shows what that costs one post; the
# curve shows all.

# %%
comparison.truncation("student")

# %% [markdown]
# ## A gate for your CI
# When a model is replaced, let a condition decide, and not a look at a map. On the command line:
#
# ```bash
# embedscope compare teacher/ student/ --label label --fail-if "recall@10 < 0.95"
# ```
#
# exits with 1 and names the groups that fall below.

# %%
comparison.report()

# %% [markdown]
# Every result gives an ordinary plotly figure too, to restyle and to keep.

# %%
divergence.figure().write_html("heatmap.html", include_plotlyjs="cdn")

# %% [markdown]
# ## The answer
# The student keeps three neighbours of ten: more than twenty times chance, and far from the teacher. It loses least where a newsgroup has
# words of its own (the Middle East, cryptography, guns) and most where everyday words carry the meaning (motorcycles, things for sale).
# Four fifths of what it loses lies within the right newsgroup: other posts of it. The rest are neighbours in other newsgroups: electronics
# no longer looks at what is for sale, and both windows run together, since the word is the same.

# %%
recall, chance = overlap.recall.mean(), overlap.chance()
print(
    f"recall@10 {recall:.2f}, {recall / chance:.0f} times chance; {divergence.between.mean() / divergence.mean_kl:.0%} between groups"
)
assert 10 * chance < recall < 0.5
assert {"talk.politics.mideast", "sci.crypt"} <= {groups.names[place] for place in order[-4:]}
