#!/usr/bin/env python3
"""Whether families fitted to simulated patients give back what hersurv fitted to the published estimates.

For every analysis of the built-in randomised trials and every arm in which the parameters of a family are determined,
patients are drawn with the published numbers of patients and events and fitted by maximum likelihood (`fit --patients`,
which agrees with R's survreg). Printed: how many parameters are within one standard error of a trial of this size
(covariance_population), how many standard errors are within 15% of those by covariance_sampling, and which are not.

    bench/simulated_fits.py build/release/hersurv [--seeds 1,2,3] [--from family|curve] [--even]

--from curve draws from the reconstructed curve instead of the family; --even takes evenly spaced quantiles, not moved
to the published estimates, instead of random draws.
"""
import argparse
import collections
import json
import math
import subprocess

FAMILIES = ["weibull", "lognormal", "loglogistic"]


def answer(program, *words, text=None):
    return subprocess.run([program, *words], input=text, capture_output=True, text=True, check=False).stdout


def determined(program):
    """The determined fits of each analysis."""
    trials = json.loads(answer(program, "list", "--design", "randomised", "--format", "json"))["rows"]
    fits = collections.defaultdict(list)
    for trial in trials:
        text = answer(program, "fit", trial["trial"], "--analysis", "*", "--model", ",".join(FAMILIES), "--format", "json")
        for fit in json.loads(text)["parameters"] if text else []:
            if fit["fit_status"] == "determined" and fit["covariance_sampling"]:
                fits[fit["trial"], fit["analysis"]].append(fit)
    return fits


def returned(program, place, fits, model, seed, even):
    """(arm, model, parameter) -> (off in standard errors, ratio of standard errors)."""
    words = ["patients", "simulate", place[0], "--analysis", place[1], "-q"]
    words += ["--model", model] if model else []
    words += ["--calibrate", "none", "--deterministic"] if even else ["--seed", str(seed)]
    wanted = [fit for fit in fits if model in (None, fit["model"])]
    if not wanted:
        return
    models = ",".join(sorted({fit["model"] for fit in wanted}))
    found = json.loads(answer(program, "fit", "--patients", "-", "--model", models, "--format", "json",
                              text=answer(program, *words)))["fits"]
    for fit in wanted:
        own = next(x for x in found if x["model"] == fit["model"]
                   and any(arm["arm"] == fit["arm"] for arm in x.get("arms", [x])))
        for i, name in enumerate(fit["covariance_order"]):
            off = own["estimates_on_that_scale"][i] - fit["estimates_on_that_scale"][i]
            yield (fit["arm"], fit["model"], name), (
                off / math.sqrt(fit["covariance_population"][i][i]),
                math.sqrt(own["covariance"][i][i] / fit["covariance_sampling"][i][i]))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--seeds", default="1,2,3")
    parser.add_argument("--from", dest="source", choices=["family", "curve"], default="family")
    parser.add_argument("--even", action="store_true")
    options = parser.parse_args()
    seeds = [0] if options.even else [int(seed) for seed in options.seeds.split(",")]
    results = collections.defaultdict(list)
    for place, fits in determined(options.program).items():
        for model in FAMILIES if options.source == "family" else [None]:
            for seed in seeds:
                for key, result in returned(options.program, place, fits, model, seed, options.even):
                    results[place + key].append(result)
    for family in FAMILIES:
        draws = [result for key, all_of in results.items() if key[3] == family for result in all_of]
        near = sum(abs(off) <= 1 for off, _ in draws)
        alike = sum(abs(ratio - 1) <= 0.15 for _, ratio in draws)
        print(f"{family}: {near} of {len(draws)} within one standard error, {alike} standard errors within 15%")
    print("on average not:")
    for key, draws in sorted(results.items()):
        off, ratio = (sum(values) / len(draws) for values in zip(*draws))
        if abs(off) > 1 or abs(ratio - 1) > 0.15:
            print(f"  {' '.join(key)}: off by {off:.2f} standard errors, ratio of standard errors {ratio:.2f}")


if __name__ == "__main__":
    main()
