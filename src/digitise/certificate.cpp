// Whether a curve can be trusted: limits of the evidence, numbers at risk, and which of their rows is whose.
#include "digitise/certificate.hpp"

#include <algorithm>
#include <cmath>

namespace hersurv::digitise {
namespace {

// Numbers at risk count at most the survivors: n(t) <= n(0) S(t). The slack is what a pixel and a tie are worth.
int contradictions(const TracedCurve& curve, const AtRiskTable& table, const AtRiskRow& row) {
    if (row.numbers.empty() || !row.numbers.front() || *row.numbers.front() <= 0) return 0;
    const double n = *row.numbers.front();
    int count = 0;
    for (std::size_t i = 1; i < row.numbers.size() && i < table.times.size(); ++i) {
        if (!row.numbers[i]) continue;
        // At a drop the patients of the drop itself still count.
        const double before = survival_at(curve, table.times[i] - 1e-3 * std::max(curve.ends_at, 1e-9));
        count += *row.numbers[i] > n * (before + .012) + 1;
    }
    return count;
}

// Whether patients are at risk after the end of the curve: a Kaplan-Meier curve continues as long as anybody is
// followed. Ends are read to within 1% of the curve and of the table.
bool at_risk_beyond(const TracedCurve& curve, const AtRiskTable& table, const AtRiskRow& row) {
    for (std::size_t i = 0; i < row.numbers.size() && i < table.times.size(); ++i)
        if (row.numbers[i].value_or(0) > 0 && table.times[i] > 1.01 * curve.ends_at + .01 * table.times.back())
            return true;
    return false;
}

class Judge {
  public:
    explicit Judge(Certificate& certificate) : certificate_(certificate) {}
    void doubt(const std::string& reason) { lower(Verdict::doubtful, reason); }
    void refuse(const std::string& reason) { lower(Verdict::refused, reason); }

  private:
    void lower(Verdict verdict, const std::string& reason) {
        certificate_.verdict = std::max(certificate_.verdict, verdict);
        certificate_.reasons.push_back(reason);
    }
    Certificate& certificate_;
};

// The limits were chosen on 440 drawn figures and checked on 176 others; docs/digitise.md has the result.
void judge_pixels(const TracedCurve& curve, const Axes& axes, std::size_t n_curves, Certificate& certificate) {
    Judge judge(certificate);
    const CurveEvidence& evidence = curve.evidence;
    const double last = curve.ends_at;
    const auto everywhere = [&] { certificate.doubtful_times.push_back({0, last}); };
    if (evidence.own_share < .25 && evidence.own_share + evidence.dash_share < .7) {
        constexpr auto reason = "three quarters of the curve have no ink of its colour beneath them";
        evidence.hidden_share > .5 ? judge.doubt(reason) : judge.refuse(reason);
    }
    if (evidence.missed_colour)
        judge.doubt("curves of one colour were found, but there are lines of another; say how many arms there are");
    if (n_curves == 1 && evidence.unread_columns > .04)
        judge.doubt("one curve was found, but there may be another line; say how many arms there are");
    if (evidence.unexplained > .5) judge.doubt("another long line of the same colour was not read"), everywhere();
    if (evidence.unread_area > .0055)
        judge.doubt("another line that starts with the curves was not read"), everywhere();
    if (evidence.swap_risk > .009) {
        judge.doubt("it meets a curve that looks the same; they may be exchanged from there on");
        certificate.doubtful_times.push_back({evidence.swap_from, last});
    }
    if (evidence.blank_area > .002) judge.doubt("a stretch of the curve has no ink beneath it"), everywhere();
    if (evidence.blank_fall > (evidence.dashed ? .06 : .08))
        judge.doubt("the curve falls where there is no vertical line"), everywhere();
    if (n_curves > 2 && (evidence.same_ink || evidence.own_share < .85))
        judge.doubt("more than two curves were found, not all of them clearly; say how many arms there are"),
            everywhere();
    if (evidence.beyond_share > .025)
        judge.doubt("ink of its colour continues beyond its end; a legend may hide part of the curve"), everywhere();
    if (last < .1 * axes.time.value(axes.panel.right))
        judge.doubt("the curve ends within the first tenth of the time axis");
    if (survival_at(curve, 1e-3 * last) < .9)
        judge.doubt("the curve does not begin at 1"), certificate.doubtful_times.push_back({0, last});
    const double unit = std::abs(axes.survival.per_unit);
    if (axes.survival.residual > std::max(1.0, .006 * unit))
        judge.doubt("the labels of the survival axis are not evenly spaced in the picture");
}

}  // namespace

double survival_at(const TracedCurve& curve, double time) {
    const auto next = std::ranges::upper_bound(curve.steps, time, {}, &Step::time);
    return next == curve.steps.begin() ? 1 : std::prev(next)->survival;
}

std::vector<Certificate> certify(const std::vector<TracedCurve>& curves, const Axes& axes, bool from_pixels,
                                 const AtRiskTable* table, const std::vector<std::optional<std::size_t>>& rows) {
    std::vector<Certificate> certificates;
    for (std::size_t i = 0; i < curves.size(); ++i) {
        const TracedCurve& curve = curves[i];
        Certificate certificate;
        certificate.verdict = Verdict::sure;
        certificate.ink_explained = curve.evidence.ink_explained;
        certificate.path_on_ink = curve.evidence.path_on_ink;
        certificate.rival = curve.evidence.rival;
        Judge judge(certificate);
        if (curve.steps.size() < 2) judge.doubt("the curve never falls");
        if (from_pixels) judge_pixels(curve, axes, curves.size(), certificate);
        if (table != nullptr && i < rows.size() && rows[i] && contradictions(curve, *table, table->rows[*rows[i]]) > 0)
            judge.doubt("more patients are at risk than the curve has survivors");
        if (table != nullptr && i < rows.size() && rows[i] && at_risk_beyond(curve, *table, table->rows[*rows[i]]))
            judge.doubt("the number-at-risk table has patients at risk after the curve ends");
        certificates.push_back(std::move(certificate));
    }
    return certificates;
}

}  // namespace hersurv::digitise
