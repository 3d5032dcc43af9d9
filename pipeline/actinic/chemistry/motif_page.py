"""The motif table as a page of the documentation."""

from actinic.chemistry.motif_table import Channel, Motif, motif_table

HEAD = """# Motifs: which bond gives way

Written by docs/generate.py from `pipeline/actinic/chemistry/motifs.toml`, which a chemist can read and
extend.

A motif is found by its SMARTS; where two claim an atom, the more specific one stays (`beats` in the table).
`S0/S1`, `T1` and `radical` name the surface of a step: products are made in states whose spins add up to it,
so that an azide gives the triplet nitrene only from its triplet. Where no motif matches, all acyclic single
bonds are homolysed, in the order of tabulated bond types (`bond_types.toml`). Hydrogen donors, radicals,
oxidants and cations a motif needs are stood for by one small molecule each, named in the step.

Of {all} motifs {without} have no DOI that was looked up; their notes say so.
"""

SURFACES = {1: "S0/S1", 2: "radical", 3: "T1"}


def motifs_page() -> str:
    """What docs/motifs.md has to say."""
    families: dict[str, list[Motif]] = {}
    for motif in motif_table():
        families.setdefault(motif.family, []).append(motif)
    sections = ("\n".join(_section(name, motifs)) for name, motifs in families.items())
    without = sum(not motif.dois for motif in motif_table())
    return HEAD.format(all=len(motif_table()), without=without) + "\n" + "\n".join(sections)


def _section(family: str, motifs: list[Motif]) -> list[str]:
    lines = [f"## {family[0].upper()}{family[1:]}", ""]
    for motif in motifs:
        lines += [f"### {motif.title}", "", f"`{motif.name}`: `{motif.smarts}`", ""]
        lines += [f"* {fact}" for fact in _facts(motif)]
        lines += [f"* {_step(channel)}" for channel in motif.channels]
        lines.append("")
    return lines


def _facts(motif: Motif) -> list[str]:
    needs = "" if motif.alone else "; only together with what it meets"
    facts = [f"Answers to {', '.join(motif.stimuli)}{needs}."]
    facts.append(f"Then: {motif.follow_up}.")
    facts.append(f"On the surface: {motif.stays}.")
    if motif.releases:
        facts.append(f"Releases {motif.releases}.")
    if motif.crosslinks:
        facts.append("Two or more in a molecule make a cross-linker.")
    if motif.beats:
        facts.append(f"Beats {', '.join(f'`{name}`' for name in motif.beats)}.")
    if motif.dois:
        facts.append(f"Sources: {', '.join(f'[{doi}](https://doi.org/{doi})' for doi in motif.dois)}.")
    if motif.note:
        facts.append(motif.note)
    return facts


def _step(channel: Channel) -> str:
    partners = {"": "", "self": ", with another copy of itself"}
    meets = partners.get(channel.partner, f", with {channel.partner}")
    whole = "" if channel.elementary else ", sum of several steps"
    kind = f"{channel.step.replace('_', ' ')}; {SURFACES[channel.multiplicity]}{meets}{whole}"
    return f"**{channel.name}** ({kind}): `{channel.template}`"
