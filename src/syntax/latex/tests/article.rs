//! The displays of an article on gradient descent, Fisher information and the natural gradient.

use super::{check, mistakes_of};

#[rustfmt::skip]
#[test]
fn every_display_is_read_as_it_is_printed() {
    check(r"\min_\theta L(\theta)", &["(min theta (L theta))"]);
    check(r"\theta^{(k+1)} = \theta^{(k)} + \eta \vec{v} \tag{1}", &["(super theta (+ k +1)) Equal (+ (super theta k) +(* eta v))"]);
    check(r"\begin{aligned}
  L(\theta^{(k+1)}) &= L(\theta^{(k)}) + \nabla L(\theta^{(k)}) \cdot (\theta^{(k+1)} - \theta^{(k)}) \textcolor{blue}{+ o(\theta^{(k)})}\\
    &= L(\theta^{(k)}) + \eta \vec{v} \cdot \nabla L(\theta^{(k)}) \textcolor{blue}{+ o(\theta^{(k)})}\\
    &\approx L(\theta^{(k)}) + \eta \vec{v} \cdot \nabla L(\theta^{(k)})
\end{aligned}", &["(L (super theta (+ k +1))) Equal (+ (L (super theta k)) +(* (grad (L (super theta k))) .(+ (super theta (+ k +1)) -(super theta k))) +(o (super theta k)))", "… Equal (+ (L (super theta k)) +(* eta v .(grad (L (super theta k)))) +(o (super theta k)))", "… Approximately (+ (L (super theta k)) +(* eta v .(grad (L (super theta k)))))"]);
    check(r"L(\theta^{(k+1)}) - L(\theta^{(k)}) = \eta \vec{v} \cdot \nabla L(\theta^{(k)}) = \eta  \cdot \| \vec{v} \| \cdot \| \nabla L(\theta^{(k)}) \| \cdot \cos(\alpha)", &["(+ (L (super theta (+ k +1))) -(L (super theta k))) Equal (* eta v .(grad (L (super theta k)))) Equal (* eta .(norm v) .(norm (grad (L (super theta k)))) .(cos alpha))"]);
    check(r"\vec{v} = - \frac{\nabla L(\theta^{(k)})}{\| \nabla L(\theta^{(k)}) \|}", &["v Equal (neg (* (grad (L (super theta k))) /(norm (grad (L (super theta k))))))"]);
    check(r"\theta^{(k+1)} = \theta^{(k)} - \frac{\eta}{\| \nabla L(\theta^{(k)}) \|} \cdot \nabla L(\theta^{(k)})", &["(super theta (+ k +1)) Equal (+ (super theta k) -(* (* eta /(norm (grad (L (super theta k))))) .(grad (L (super theta k)))))"]);
    check(r"KL (p \| q) = \int p(x) \log \frac{p(x)}{q(x)} dx", &["(KL p q) Equal (integral (* (p x) (log (* (p x) /(q x)))) x)"]);
    check(r"F = \mathbb{E}_{p(x \mid \theta)} \Big [ \nabla \log p(x \mid \theta) \nabla \log p(x \mid \theta)^T \Big ]", &["F Equal (E (* (grad (log (p x | theta))) (' (grad (log (p x | theta))))) (p x | theta))"]);
    check(r"KL \Big ( p(x \mid \theta) \| p(x \mid \theta + d) \Big ) \approx \frac{1}{2} d^T F d", &["(KL (p x | theta) (p x | (+ theta +d))) Approximately (* (* 1 /2) (' d) F d)"]);
    check(r"\begin{aligned}
  KL \Big ( p(\theta) \| p(\theta + d) \Big ) &= \int p(\theta) \log \frac{p(\theta)}{p(\theta + d)} dx = \mathbb{E}_{p(\theta)} \left [ \log \frac{p(\theta)}{p(\theta + d)} \right ] \\
    &= \mathbb{E}_{p(\theta)} [ \log p(\theta) ] - \textcolor{blue}{\mathbb{E}_{p(\theta)} [ \log p(\theta + d) ]}  \\
    &\approx \mathbb{E}_{p(\theta)} [ \log p(\theta) ] - \textcolor{blue}{\underbrace{\mathbb{E}_{p(\theta)} \left [ \log p(\theta) + \nabla \log p(\theta) d + \frac{1}{2} d^T \nabla^2 \log p(\theta) d \right ]}_{\text{second order Taylor expansion}}}  \\
    & = - \mathbb{E}_{p(\theta)} [ \nabla \log p(\theta) d ] - \mathbb{E}_{p(\theta)} \left [ \frac{1}{2} d^T \nabla^2 \log p(\theta) d \right ] \\
    &= - \left [ \int_{\theta} p(\theta) \frac{1}{p(\theta)} \nabla p(\theta) d \theta \right ] d - \frac{1}{2} d^T \mathbb{E}_{p(\theta)} [ \nabla^2 \log p(\theta) ] d \\
    &= - \left [ \nabla \int_{\theta}  p(\theta) d \theta \right ] d - \frac{1}{2} d^T \mathbb{E}_{p(\theta)} [ \nabla^2 \log p(\theta) ] d \\
    & = - \frac{1}{2} d^T \underbrace{\mathbb{E}_{p(\theta)} [ \nabla^2 \log p(\theta) ]}_{= - F} d \\
    & = \frac{1}{2} d^T F d
\end{aligned}", &["(KL (p theta) (p (+ theta +d))) Equal (integral (* (p theta) (log (* (p theta) /(p (+ theta +d))))) x) Equal (E (log (* (p theta) /(p (+ theta +d)))) (p theta))", "… Equal (+ (E (log (p theta)) (p theta)) -(E (log (p (+ theta +d))) (p theta)))", r#"… Approximately (+ (E (log (p theta)) (p theta)) -(note (E (+ (log (p theta)) +(* (grad (log (p theta))) d) +(* (* 1 /2) (' d) (hess (log (p theta))) d)) (p theta)) "second order Taylor expansion"))"#, "… Equal (+ (neg (E (* (grad (log (p theta))) d) (p theta))) -(E (* (* 1 /2) (' d) (hess (log (p theta))) d) (p theta)))", "… Equal (+ (* (neg (integral (* (p theta) (* 1 /(p theta)) (grad (p theta))) theta theta)) d) -(* (* 1 /2) (' d) (E (hess (log (p theta))) (p theta)) d))", "… Equal (+ (* (neg (grad (integral (p theta) theta theta))) d) -(* (* 1 /2) (' d) (E (hess (log (p theta))) (p theta)) d))", "… Equal (* (neg (* 1 /2)) (' d) (note (E (hess (log (p theta))) (p theta)) Equal (neg F)) d)", "… Equal (* (* 1 /2) (' d) F d)"]);
    check(r"L(\gamma) = \int_a^b \| \gamma'(x) \| dx", &["(L gamma) Equal (integral (norm (gamma' x)) x a b)"]);
    check(r"\| \gamma'(x) \|^2 = ⟨ \gamma'(x), \gamma'(x) ⟩ = g_{\gamma(x)} (\gamma'(x), \gamma'(x))", &["(^ (norm (gamma' x)) 2) Equal (inner (gamma' x) (gamma' x)) Equal (at (g (gamma' x) (gamma' x)) (gamma x))"]);
    check(r"\begin{gathered}
  \min_{d} L(\theta + d) \\
  \text{s.t.} \enspace \| d \| \leq \epsilon
\end{gathered}", &["(min d (L (+ theta +d)))", "st: (norm d) LessOrEqual epsilon"]);
    check(r"- \frac{\nabla L(\theta)}{\| \nabla L(\theta) \|} = \lim_{\epsilon \to 0} \frac{1}{\epsilon} \arg \min_{d \text{ s.t.} \| d \| \leq \epsilon} L(\theta + d)", &["(neg (* (grad (L theta)) /(norm (grad (L theta))))) Equal (lim epsilon 0 (* (* 1 /epsilon) (argmin d st (norm d) LessOrEqual epsilon (L (+ theta +d)))))"]);
    check(r"\text{s.t.} \enspace KL \Big ( p(x \mid \theta) \| p(x \mid \theta + d) \Big ) \leq \epsilon", &["st: (KL (p x | theta) (p x | (+ theta +d))) LessOrEqual epsilon"]);
    check(r"\begin{aligned}
  d^* &= \arg \min_{d} L(\theta + d) + \lambda \Big ( KL \big ( p(x | \theta) \| p(x | \theta + d) \big ) - \epsilon \Big )  \\
    &\approx \arg \min_{d} \underbrace{L(\theta) + \nabla L(\theta)^T d}_{\text{first order Taylor expansion}} + \underbrace{\frac{1}{2} \lambda d^T F d}_{\text{second order Taylor expansion}} - \lambda \epsilon
\end{aligned}", &["d_star Equal (argmin d (+ (L (+ theta +d)) +(lambda (+ (KL (p x | theta) (p x | (+ theta +d))) -epsilon))))", r#"… Approximately (argmin d (+ (note (+ (L theta) +(* (' (grad (L theta))) d)) "first order Taylor expansion") +(note (* (* 1 /2) lambda (' d) F d) "second order Taylor expansion") -(* lambda epsilon)))"#]);
    check(r"\begin{aligned}
  0 &= \frac{\partial}{\partial d} \left [ L(\theta) + \nabla L(\theta)^T d + \frac{1}{2} \lambda d^T F d  - \lambda \epsilon \right ] \\
    &= \nabla L(\theta) + \lambda F d \\
  \lambda F d &= -\nabla L(\theta) \\
  d &= - \frac{1}{\lambda} F^{-1} \nabla L(\theta)
\end{aligned}", &["0 Equal (diff (+ (L theta) +(* (' (grad (L theta))) d) +(* (* 1 /2) lambda (' d) F d) -(* lambda epsilon)) d)", "… Equal (+ (grad (L theta)) +(* lambda F d))", "(* lambda F d) Equal (neg (grad (L theta)))", "d Equal (* (neg (* 1 /lambda)) (^ F (neg 1)) (grad (L theta)))"]);
}

/// The derivative with subscripts below the bar is reported, and read as it is meant.
#[test]
fn a_malformed_derivative_is_read() {
    let source = r"F = - \mathbb{E}_{p(x \mid \theta)} \left [ \frac{\partial^2}{\partial_{\theta} \partial_{\theta^T}} \log p(x \mid \theta) \right ]";
    let (rows, codes) = mistakes_of(source);
    assert_eq!(rows, ["F Equal (neg (E (diff (log (p x | theta)) theta (' theta)) (p x | theta)))"]);
    assert_eq!(codes, ["malformed-derivative"]);
}
