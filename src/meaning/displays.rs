//! Displays of an article in LaTeX, and what each of their steps claims.

use super::testing::{ARTICLE, World, steps};

#[track_caller]
fn check_with(fence: &str, source: &str, expected: &[&str]) {
    assert_eq!(steps(&mut World::of(fence), source), expected);
}

#[track_caller]
fn check(source: &str, expected: &[&str]) {
    check_with(ARTICLE, source, expected);
}

#[test]
fn gradient_descent() {
    check(r"\min_\theta L(\theta)", &["problem [L(theta) over theta]"]);
    let mut world = World::of(&ARTICLE.replace("small d", "small eta"));
    let mut check = |source: &str, expected: &[&str]| assert_eq!(steps(&mut world, source), expected);
    check(r"\theta^{(k+1)} = \theta^{(k)} + \eta \vec{v} \tag{1}", &["theta^(k+1) := eta*v + theta^(k)"]);
    check(
        r"\begin{aligned}
          L(\theta^{(k+1)}) &= L(\theta^{(k)}) + \nabla L(\theta^{(k)}) \cdot (\theta^{(k+1)} - \theta^{(k)}) \textcolor{blue}{+ o(\theta^{(k)})}\\
            &= L(\theta^{(k)}) + \eta \vec{v} \cdot \nabla L(\theta^{(k)}) \textcolor{blue}{+ o(\theta^{(k)})}\\
            &\approx L(\theta^{(k)}) + \eta \vec{v} \cdot \nabla L(\theta^{(k)})
        \end{aligned}",
        &[
            "L(eta*v + theta^(k)) = eta*(grad(L(theta^(k)), theta^(k))'*v) + L(theta^(k)) + o(1) ! remainder-not-small",
            "eta*(grad(L(theta^(k)), theta^(k))'*v) + L(theta^(k)) = eta*(v'*grad(L(theta^(k)), theta^(k))) + L(theta^(k)) + o(1) ! remainder-not-small remainder-not-small",
            "eta*(v'*grad(L(theta^(k)), theta^(k))) + L(theta^(k)) = eta*(v'*grad(L(theta^(k)), theta^(k))) + L(theta^(k)) + o(1) ! remainder-not-small",
        ],
    );
    check(
        r"L(\theta^{(k+1)}) - L(\theta^{(k)}) = \eta \vec{v} \cdot \nabla L(\theta^{(k)}) = \eta  \cdot \| \vec{v} \| \cdot \| \nabla L(\theta^{(k)}) \| \cdot \cos(\alpha)",
        &[
            "L(eta*v + theta^(k)) - L(theta^(k)) = eta*(v'*grad(L(theta^(k)), theta^(k)))",
            "eta*(v'*grad(L(theta^(k)), theta^(k))) = eta*cos(alpha)*sqrt(v'*v)*sqrt(grad(L(theta^(k)), theta^(k))'*grad(L(theta^(k)), theta^(k)))",
        ],
    );
    check(
        r"\vec{v} = - \frac{\nabla L(\theta^{(k)})}{\| \nabla L(\theta^{(k)}) \|}",
        &[
            "v = -grad(L(theta^(k)), theta^(k))/sqrt(grad(L(theta^(k)), theta^(k))'*grad(L(theta^(k)), theta^(k)))",
        ],
    );
    check(
        r"\theta^{(k+1)} = \theta^{(k)} - \frac{\eta}{\| \nabla L(\theta^{(k)}) \|} \cdot \nabla L(\theta^{(k)})",
        &[
            "eta*v + theta^(k) = theta^(k) - eta*grad(L(theta^(k)), theta^(k))/sqrt(grad(L(theta^(k)), theta^(k))'*grad(L(theta^(k)), theta^(k)))",
        ],
    );
}

#[test]
fn divergence_and_information() {
    let two = format!("{ARTICLE}\ndensity q(x)");
    check_with(
        &two,
        r"KL (p \| q) = \int p(x) \log \frac{p(x)}{q(x)} dx",
        &["KL(p(theta), q) = integral(log(p(x, theta)/q(x))*p(x, theta), x)"],
    );
    check(
        r"F = \mathbb{E}_{p(x \mid \theta)} \Big [ \nabla \log p(x \mid \theta) \nabla \log p(x \mid \theta)^T \Big ]",
        &["fisher(p)(theta) = E[grad(log(p(x, theta)), theta)*grad(log(p(x, theta)), theta)'; p(theta)]"],
    );
    check(
        r"F = - \mathbb{E}_{p(x \mid \theta)} \left [ \frac{\partial^2}{\partial_{\theta} \partial_{\theta^T}} \log p(x \mid \theta) \right ]",
        &["latex: malformed-derivative", "fisher(p)(theta) = -E[hess(log(p(x, theta)), theta); p(theta)]"],
    );
    check(
        r"KL \Big ( p(x \mid \theta) \| p(x \mid \theta + d) \Big ) \approx \frac{1}{2} d^T F d",
        &["KL(p(theta), p(d + theta)) = (d'*fisher(p)(theta)*d)/2 + o(2)"],
    );
}

#[test]
fn the_proof_that_divergence_is_half_the_quadratic_form() {
    check(
        r"\begin{aligned}
          KL \Big ( p(\theta) \| p(\theta + d) \Big ) &= \int p(\theta) \log \frac{p(\theta)}{p(\theta + d)} dx = \mathbb{E}_{p(\theta)} \left [ \log \frac{p(\theta)}{p(\theta + d)} \right ] \\
            &= \mathbb{E}_{p(\theta)} [ \log p(\theta) ] - \textcolor{blue}{\mathbb{E}_{p(\theta)} [ \log p(\theta + d) ]}  \\
            &\approx \mathbb{E}_{p(\theta)} [ \log p(\theta) ] - \textcolor{blue}{\underbrace{\mathbb{E}_{p(\theta)} \left [ \log p(\theta) + \nabla \log p(\theta) d + \frac{1}{2} d^T \nabla^2 \log p(\theta) d \right ]}_{\text{second order Taylor expansion}}}  \\
            & = - \mathbb{E}_{p(\theta)} [ \nabla \log p(\theta) d ] - \mathbb{E}_{p(\theta)} \left [ \frac{1}{2} d^T \nabla^2 \log p(\theta) d \right ] \\
            &= - \left [ \int_{\theta} p(\theta) \frac{1}{p(\theta)} \nabla p(\theta) d \theta \right ] d - \frac{1}{2} d^T \mathbb{E}_{p(\theta)} [ \nabla^2 \log p(\theta) ] d \\
            &= - \left [ \nabla \int_{\theta}  p(\theta) d \theta \right ] d - \frac{1}{2} d^T \mathbb{E}_{p(\theta)} [ \nabla^2 \log p(\theta) ] d \\
            & = - \frac{1}{2} d^T \underbrace{\mathbb{E}_{p(\theta)} [ \nabla^2 \log p(\theta) ]}_{= - F} d \\
            & = \frac{1}{2} d^T F d
        \end{aligned}",
        &[
            "KL(p(theta), p(d + theta)) = integral(log(p(x, theta)/p(x, d + theta))*p(x, theta), x)",
            "integral(log(p(x, theta)/p(x, d + theta))*p(x, theta), x) = E[log(p(x, theta)/p(x, d + theta)); p(theta)]",
            "E[log(p(x, theta)/p(x, d + theta)); p(theta)] = E[log(p(x, theta)); p(theta)] - E[log(p(x, d + theta)); p(theta)]",
            "E[log(p(x, theta)); p(theta)] - E[log(p(x, d + theta)); p(theta)] = E[log(p(x, theta)); p(theta)] - E[log(p(x, theta)) + grad(log(p(x, theta)), theta)'*d + (d'*hess(log(p(x, theta)), theta)*d)/2; p(theta)] + o(2) ! missing-transpose",
            "E[log(p(x, theta)); p(theta)] - E[log(p(x, theta)) + grad(log(p(x, theta)), theta)'*d + (d'*hess(log(p(x, theta)), theta)*d)/2; p(theta)] = -E[grad(log(p(x, theta)), theta)'*d; p(theta)] - E[(d'*hess(log(p(x, theta)), theta)*d)/2; p(theta)] ! missing-transpose missing-transpose",
            "-E[grad(log(p(x, theta)), theta)'*d; p(theta)] - E[(d'*hess(log(p(x, theta)), theta)*d)/2; p(theta)] = -(d'*E[hess(log(p(x, theta)), theta); p(theta)]*d)/2 - integral(p(x, theta)*grad(p(x, theta), theta)/p(x, theta), x)'*d ! missing-transpose wrong-variable missing-transpose",
            "-(d'*E[hess(log(p(x, theta)), theta); p(theta)]*d)/2 - integral(p(x, theta)*grad(p(x, theta), theta)/p(x, theta), x)'*d = -grad(integral(p(x, theta), x), theta)'*d - (d'*E[hess(log(p(x, theta)), theta); p(theta)]*d)/2 ! wrong-variable missing-transpose wrong-variable missing-transpose",
            "-grad(integral(p(x, theta), x), theta)'*d - (d'*E[hess(log(p(x, theta)), theta); p(theta)]*d)/2 = -(d'*E[hess(log(p(x, theta)), theta); p(theta)]*d)/2 ! wrong-variable missing-transpose",
            "-(d'*E[hess(log(p(x, theta)), theta); p(theta)]*d)/2 = (d'*fisher(p)(theta)*d)/2",
        ],
    );
}

#[test]
fn length_and_metric() {
    let curve = format!(
        "{ARTICLE}\nfunction gamma(t) in R^n\nvector u, w in R^n\nfunction g(theta, u, w)\nscalar a, b"
    );
    check_with(
        &curve,
        r"L(\gamma) = \int_a^b \| \gamma'(x) \| dx",
        &["L(gamma) := integral(sqrt(diff(gamma(t), t)'*diff(gamma(t), t)), t = a..b)"],
    );
    check_with(
        &curve,
        r"\| \gamma'(x) \|^2 = ⟨ \gamma'(x), \gamma'(x) ⟩ = g_{\gamma(x)} (\gamma'(x), \gamma'(x))",
        &[
            "diff(gamma(x), x)'*diff(gamma(x), x) = diff(gamma(x), x)'*diff(gamma(x), x)",
            "diff(gamma(x), x)'*diff(gamma(x), x) = g(gamma(x), diff(gamma(x), x), diff(gamma(x), x))",
        ],
    );
    check(r"\| \gamma'(x) \|^2 = 1", &["! needs-declaration ! needs-declaration"]);
}

#[test]
fn constrained_problems_and_the_natural_gradient() {
    check(
        r"- \frac{\nabla L(\theta)}{\| \nabla L(\theta) \|} = \lim_{\epsilon \to 0} \frac{1}{\epsilon} \arg \min_{d \text{ s.t.} \| d \| \leq \epsilon} L(\theta + d)",
        &[
            "-grad(L(theta), theta)/sqrt(grad(L(theta), theta)'*grad(L(theta), theta)) = lim 1/epsilon argmin [L(d + theta) over d st sqrt(d'*d) - epsilon <= 0]",
        ],
    );
    let scaled = ARTICLE.replace("small d", "scale d ~ tau, lambda ~ 1/tau, epsilon ~ tau^2");
    let mut world = World::of(&scaled);
    let mut check = |source: &str, expected: &[&str]| assert_eq!(steps(&mut world, source), expected);
    check(
        r"\begin{aligned}
          d^* &= \arg \min_{d} L(\theta + d) + \lambda \Big ( KL \big ( p(x | \theta) \| p(x | \theta + d) \big ) - \epsilon \Big )  \\
            &\approx \arg \min_{d} \underbrace{L(\theta) + \nabla L(\theta)^T d}_{\text{first order Taylor expansion}} + \underbrace{\frac{1}{2} \lambda d^T F d}_{\text{second order Taylor expansion}} - \lambda \epsilon
        \end{aligned}",
        &[
            "d_star := the point of [lambda*(KL(p(theta), p(d + theta)) - epsilon) + L(d + theta) over d]",
            "argmin [lambda*(KL(p(theta), p(d + theta)) - epsilon) + L(d + theta) over d] ~ argmin [lambda*(d'*fisher(p)(theta)*d)/2 - epsilon*lambda + L(theta) + grad(L(theta), theta)'*d over d]",
        ],
    );
    check(
        r"\begin{aligned}
          0 &= \frac{\partial}{\partial d} \left [ L(\theta) + \nabla L(\theta)^T d + \frac{1}{2} \lambda d^T F d  - \lambda \epsilon \right ] \\
            &= \nabla L(\theta) + \lambda F d \\
          \lambda F d &= -\nabla L(\theta) \\
          d &= - \frac{1}{\lambda} F^{-1} \nabla L(\theta)
        \end{aligned}",
        &[
            "0 = grad(lambda*(d'*fisher(p)(theta)*d)/2 - epsilon*lambda + L(theta) + grad(L(theta), theta)'*d, d) at the minimum of [lambda*(d'*fisher(p)(theta)*d)/2 - epsilon*lambda + L(theta) + grad(L(theta), theta)'*d over d]",
            "grad(lambda*(d'*fisher(p)(theta)*d)/2 - epsilon*lambda + L(theta) + grad(L(theta), theta)'*d, d) = lambda*(fisher(p)(theta)*d) + grad(L(theta), theta)",
            "lambda*(fisher(p)(theta)*d) = -grad(L(theta), theta)",
            "d = -(fisher(p)(theta)^(-1)*grad(L(theta), theta))/lambda",
        ],
    );
}

#[test]
fn names_before_brackets_in_latex() {
    check(r"\lambda(\eta - \epsilon)^2", &["lambda*(eta - epsilon)^2"]);
    check(r"F(\theta + d)", &["! two-readings"]);
    check(r"F(\theta)", &["fisher(p)(theta)"]);
    check(r"F(d)", &["fisher(p)(d)"]);
    check(r"(\eta d)^T F (\eta d)", &["(d*eta)'*fisher(p)(theta)*(d*eta)"]);
    check(r"F(-d)", &["-fisher(p)(theta)*d"]);
    check(r"F(d + v)", &["! two-readings"]);
    check(r"F(\eta \theta)", &["! two-readings"]);
    check(r"F(\theta^{(k)})", &["fisher(p)(theta^(k))"]);
    check(r"F(\theta + d) + F", &["fisher(p)(theta) + fisher(p)(d + theta)"]);
    check(r"F(\theta + d) + d", &["d + fisher(p)(theta)*(d + theta)"]);
    check(r"\frac{1}{\lambda(\eta + \epsilon)}", &["1/(lambda*(epsilon + eta))"]);
    check(r"1/\lambda(\eta + \epsilon)", &["! two-readings"]);
    check(r"1/\lambda + \lambda", &["lambda + 1/lambda"]);
    check(r"KL(p_\theta \| p_{\theta + d}) = 0", &["KL(p(theta), p(d + theta)) = 0"]);
    check(r"\log p_{\theta + d}(x)", &["log(p(x, d + theta))"]);
    check(r"\operatorname{tr}(F) = 1", &["! needs-declaration ! needs-declaration"]);
    check(r"F_{ij} = 1", &["! unknown-name ! unknown-name"]);
    check(
        r"\arg\max_{\|v\|=1} \nabla L(\theta)^T v = \frac{\nabla L(\theta)}{\|\nabla L(\theta)\|}",
        &["grad(L(theta), theta)/sqrt(grad(L(theta), theta)'*grad(L(theta), theta)) minimizes \
             [-grad(L(theta), theta)'*v over v st sqrt(v'*v) - 1 <= 0 st 1 - sqrt(v'*v) <= 0]"],
    );
    check(r"h(\eta + \epsilon)", &["! two-readings"]);
    check(r"\gamma(\eta)", &["! unknown-function"]);
    check(r"\Gamma(\eta) + \psi(\eta)", &["digamma(eta) + gamma(eta)"]);
    check_with(
        "vector theta_k, g in R^n\nscalar eta",
        r"\theta_{k+1} = \theta_k - \eta g",
        &["theta_k+1 := theta_k - eta*g"],
    );
    check_with("dimension n\nvector x in R^n", r"\frac{1}{n} \sum_{i=1}^n x_i", &["sum(x[k], k = 1..n)/n"]);
    check(
        r"\int_{-\infty}^{\infty} p(x|\theta)\,dx = \int_X p(x|\theta)\,dx",
        &["integral(p(x, theta), x) = integral(p(x, theta), x)"],
    );
    check(r"\mathbb{E}_{x \sim p(x|\theta)}[\log p_\theta(x)]", &["E[log(p(x, theta)); p(theta)]"]);
    check(
        r"\nabla_\theta \log p_\theta(x) = \frac{\nabla_\theta p_\theta(x)}{p_\theta(x)}",
        &["grad(log(p(x, theta)), theta) = grad(p(x, theta), theta)/p(x, theta)"],
    );
}

#[rustfmt::skip]
const SOUP: &[&str] = &[
    "x", r"\theta", "d", " v", "F", "L", "p", "q", r"\lambda", r"\gamma", "2", "0", "(", ")", "(", ")", "[", "]", "{", "}",
    r"p(x \mid \theta)", r"p(\theta + d)", r"L(\theta)", r"\nabla ", r"\nabla^2 ", r"\frac{1}{2}", r"\frac{\partial}{\partial d}",
    r"\mathbb{E}_{p(\theta)}[", r"KL(p(\theta) \| ", r"\int ", "dx", r"\sum_{i=1}^n ", "x_i", "^T", "^{-1}", "^2", r"\cdot ", "+", "-",
    "/", ",", r"\log ", r"\| ", "|", "'", r"o(\|d\|)", r"\arg\min_d ", r"\lim_{\epsilon \to 0} ", r"\langle ", r"\rangle ",
    r"\underbrace{", "}_{= F}", "=", r"\approx ", r"\leq ", r"\propto ", r"\neq ", "_k", "^{(k)}", r"\infty", "!", r"\det ",
    r"\begin{pmatrix}1 & 2\end{pmatrix}", r"\sqrt{", r"\to ",
];

proptest::proptest! {
    #[test]
    fn no_formula_is_too_strange(
        words in proptest::collection::vec(proptest::sample::select(SOUP), 1..14),
    ) {
        let mut world = World::of(&format!("{ARTICLE}\ndensity q(x)\nfunction gamma(t) in R^n"));
        steps(&mut world, &words.concat());
    }
}
