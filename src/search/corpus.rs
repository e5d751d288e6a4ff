//! True and false statements of the subject, for tests alone: what the search has to prove, and what it must not.
//!
//! `KL(p(theta), p(theta + d)) = 1/2*d'*F*d order 2 in d` is true, and `… = d'*F*d order 2 in d` is false. The names are
//! those of `world.rs`; `s` stands for the score and `H` for the Hessian of log p, as in print.

/// What is assumed beside the world, and a claim.
pub type Statement = (&'static [&'static str], &'static str);

/// log p(x|θ) = T(x)'θ − Ψ(θ) + log h(x).
const EXPONENTIAL: &[&str] = &["log(p(x,theta)) = T(x)'*theta - Psi(theta) + log(h(x))"];
const BALL: &[&str] = &["norm(v) <= 1", "grad(L(theta)) != 0"];

/// Expands the abbreviations of a statement.
pub fn expand(text: &str) -> String {
    text.replace("{s}", "grad(log(p(x,theta)))")
        .replace("{H}", "hess(log(p(x,theta)))")
        .replace("{logp}", "log(p(x,theta))")
}

#[rustfmt::skip]
pub const TRUE: &[Statement] = &[
    // Densities and integrals.
    (&[], "integral(p(x,theta), x) = 1"),
    (&[], "E[1] = 1"),
    (&[], "E[f(x)] = integral(p(x,theta)*f(x), x)"),
    (&[], "E[a*f(x) + b*g(x)] = a*E[f(x)] + b*E[g(x)]"),
    (&[], "E[(f(x) - E[f(x)])^2] = E[f(x)^2] - E[f(x)]^2"),
    (&[], "E[(T(x) - E[T(x)])*(T(x) - E[T(x)])'] = E[T(x)*T(x)'] - E[T(x)]*E[T(x)]'"),
    (&[], "integral(grad(p(x,theta)), x) = grad(integral(p(x,theta), x))"),
    (&[], "integral(grad(p(x,theta)), x) = 0*theta"),
    // Derivatives.
    (&[], "{s} = grad(p(x,theta))/p(x,theta)"),
    (&[], "grad(p(x,theta)) = p(x,theta)*{s}"),
    (&[], "{H} = hess(p(x,theta))/p(x,theta) - {s}*{s}'"),
    (&[], "grad(c'*theta) = c"),
    (&[], "grad(theta'*A*theta) = (A + A')*theta"),
    (&[], "grad(1/2*theta'*S*theta + c'*theta) = S*theta + c"),
    (&[], "hess(1/2*theta'*S*theta + c'*theta) = S"),
    (&[], "grad(a*L(theta) + Psi(theta)) = a*grad(L(theta)) + grad(Psi(theta))"),
    (&[], "grad(L(theta)*Psi(theta)) = Psi(theta)*grad(L(theta)) + L(theta)*grad(Psi(theta))"),
    (&[], "grad(L(theta + d), d) = at(grad(L(theta)), theta, theta + d)"),
    (&[], "grad(L(theta) + grad(L(theta))'*d + 1/2*lambda*d'*F*d - lambda*epsilon, d) = grad(L(theta)) + lambda*F*d"),
    (&[], "grad(L(J*phi), phi) = J'*at(grad(L(theta)), theta, J*phi)"),
    // Score and information.
    (&[], "E[{s}] = 0*theta"),
    (&[], "E[{s}'*d] = 0"),
    (&[], "E[{H}] = -F"),
    (&[], "F = E[{s}*{s}']"),
    (&[], "F = -E[{H}]"),
    (&[], "E[{s}*{s}'] = -E[{H}]"),
    (&[], "d'*F*d = E[({s}'*d)^2]"),
    (&[], "grad(E[f(x)]) = E[f(x)*{s}]"),
    (&[], "E[{s}] = integral(p(x,theta)*1/p(x,theta)*grad(p(x,theta)), x)"),
    // The proof of KL ≈ ½d'Fd, line by line.
    (&[], "KL(p(theta), p(theta + d)) = integral(p(x,theta)*log(p(x,theta)/p(x,theta + d)), x)"),
    (&[], "integral(p(x,theta)*log(p(x,theta)/p(x,theta + d)), x) = E[log(p(x,theta)/p(x,theta + d))]"),
    (&[], "E[log(p(x,theta)/p(x,theta + d))] = E[{logp}] - E[log(p(x,theta + d))]"),
    (&[], "E[{logp}] - E[log(p(x,theta + d))] = E[{logp}] - E[{logp} + {s}'*d + 1/2*d'*{H}*d] order 2 in d"),
    (&[], "E[{logp}] - E[{logp} + {s}'*d + 1/2*d'*{H}*d] = -E[{s}'*d] - E[1/2*d'*{H}*d]"),
    (&[], "-E[{s}'*d] - E[1/2*d'*{H}*d] = -integral(p(x,theta)*1/p(x,theta)*grad(p(x,theta)), x)'*d - 1/2*d'*E[{H}]*d"),
    (&[], "-integral(p(x,theta)*1/p(x,theta)*grad(p(x,theta)), x)'*d - 1/2*d'*E[{H}]*d = -grad(integral(p(x,theta), x))'*d - 1/2*d'*E[{H}]*d"),
    (&[], "-grad(integral(p(x,theta), x))'*d - 1/2*d'*E[{H}]*d = -1/2*d'*E[{H}]*d"),
    (&[], "-1/2*d'*E[{H}]*d = 1/2*d'*F*d"),
    (&[], "KL(p(theta), p(theta + d)) = 1/2*d'*F*d order 2 in d"),
    (&[], "KL(p(theta + d), p(theta)) = 1/2*d'*F*d order 2 in d"),
    // Divergences.
    (&[], "KL(p(theta), q(0)) = integral(p(x,theta)*log(p(x,theta)/q(x)), x)"),
    (&[], "KL(q(0), r(0)) = integral(q(x)*log(q(x)/r(x)), x)"),
    (&[], "KL(q(0), r(0)) = integral(q(x)*log(q(x)), x) - integral(q(x)*log(r(x)), x)"),
    (&[], "KL(p(theta), p(phi)) = E[{logp}] - E[log(p(x,phi))]"),
    (&[], "KL(p(theta), p(theta)) = 0"),
    (&[], "at(grad(KL(p(theta), p(phi)), phi), phi, theta) = 0*theta"),
    (&[], "at(hess(KL(p(theta), p(phi)), phi), phi, theta) = F"),
    (&[], "at(grad(KL(p(phi), p(theta)), phi), phi, theta) = 0*theta"),
    (&[], "at(hess(KL(p(phi), p(theta)), phi), phi, theta) = F"),
    // Exponential families.
    (EXPONENTIAL, "{s} = T(x) - grad(Psi(theta))"),
    (EXPONENTIAL, "E[T(x)] = grad(Psi(theta))"),
    (EXPONENTIAL, "F = hess(Psi(theta))"),
    (EXPONENTIAL, "E[(T(x) - E[T(x)])*(T(x) - E[T(x)])'] = hess(Psi(theta))"),
    (EXPONENTIAL, "KL(p(theta), p(phi)) = Psi(phi) - Psi(theta) - grad(Psi(theta))'*(phi - theta)"),
    // Taylor.
    (&[], "L(theta + d) = L(theta) + grad(L(theta))'*d order 1 in d"),
    (&[], "L(theta + d) = L(theta) + grad(L(theta))'*d + 1/2*d'*hess(L(theta))*d order 2 in d"),
    (&[], "L(theta + eta*v) = L(theta) + eta*v'*grad(L(theta)) order 1 in eta"),
    (&[], "L(theta - eta*F^-1*grad(L(theta))) = L(theta) - eta*grad(L(theta))'*F^-1*grad(L(theta)) order 1 in eta"),
    (&[], "log(p(x,theta + d)) = {logp} + {s}'*d order 1 in d"),
    (&[], "L(theta + d) + lambda*(KL(p(theta), p(theta + d)) - epsilon) = L(theta) + grad(L(theta))'*d + 1/2*lambda*d'*F*d - lambda*epsilon order 1 in d 1, lambda -1, epsilon 2"),
    // Matrices.
    (&[], "((eta*u)'*F*(eta*u))^(1/2) = eta*(u'*F*u)^(1/2)"),
    (&[], "norm(eta*u) = eta*norm(u)"),
    (&[], "u'*F*v = v'*F*u"),
    (&[], "(A*B)' = B'*A'"),
    (&[], "(J*B)^-1 = B^-1*J^-1"),
    (&[], "J^-1*F^-1*grad(L(theta)) = (J'*F*J)^-1*J'*grad(L(theta))"),
    (&[], "F is symmetric"),
    (&[], "A + A' is symmetric"),
    (&[], "F is semidefinite"),
    // Conclusions, minima, signs.
    (&[], "lambda*F*d = -grad(L(theta)) => d = -1/lambda*F^-1*grad(L(theta))"),
    (&[], "grad(L(theta)) + lambda*F*d = 0*d => lambda*F*d = -grad(L(theta))"),
    (&[], "stationary 0*d = grad(L(theta)) + lambda*F*d of L(theta) + grad(L(theta))'*d + 1/2*lambda*d'*F*d - lambda*epsilon over d"),
    (&[], "minimizer -1/lambda*F^-1*grad(L(theta)) of L(theta) + grad(L(theta))'*d + 1/2*lambda*d'*F*d - lambda*epsilon over d"),
    (&[], "minimizer -Q^-1*c of c'*w + 1/2*w'*Q*w over w"),
    (&["grad(L(theta)) != 0"], "minimizer -grad(L(theta))/norm(grad(L(theta))) of w'*grad(L(theta)) over w where norm(w) - 1"),
    (&["grad(L(theta)) != 0"], "minimizer -grad(L(theta))/norm(grad(L(theta))) of w'*grad(L(theta)) over w where norm(w) - 1, 1 - norm(w)"),
    (&["grad(L(theta)) != 0"], "minimizer -epsilon*grad(L(theta))/norm(grad(L(theta))) of w'*grad(L(theta)) over w where norm(w) - epsilon"),
    (&["c != 0"], "minimizer -c/norm(c) of c'*w + a over w where w'*w - 1"),
    (&[], "v'*c >= -norm(v)*norm(c)"),
    (&["grad(L(theta)) != 0"], "limit -grad(L(theta))/norm(grad(L(theta))) of L(theta + d) over d where norm(d) - epsilon"),
    (&["grad(L(theta)) != 0"], "limit -Q^-1*grad(L(theta))/(grad(L(theta))'*Q^-1*grad(L(theta)))^(1/2) of L(theta + d) over d where d'*Q*d - epsilon^2"),
    (&["grad(L(theta)) != 0"], "same L(theta + d) + lambda*(KL(p(theta), p(theta + d)) - epsilon) and L(theta) + grad(L(theta))'*d + 1/2*lambda*d'*F*d - lambda*epsilon over d in d 1, lambda -1, epsilon 2"),
    (BALL, "v'*grad(L(theta)) + norm(grad(L(theta))) >= 0"),
    (&[], "d'*F*d >= 0"),
    (&[], "d'*Q*d >= 0"),
    (&[], "E[(f(x) - E[f(x)])^2] >= 0"),
    (&[], "a^2 + b^2 >= 2*a*b"),
    (&[], "KL(p(theta), p(phi)) >= 0"),
    (&[], "KL(p(theta), q(0)) >= 0"),
    (&[], "1/lambda*F^-1*grad(L(theta)) prop F^-1*grad(L(theta))"),
    (&["grad(L(theta)) != 0"], "-eta/norm(grad(L(theta)))*grad(L(theta)) prop -grad(L(theta))"),
];

/// True where θ and d are scalars.
#[rustfmt::skip]
pub const TRUE_SCALAR: &[Statement] = &[
    (&[], "E[{s}] = 0"),
    (&[], "E[{H}] = -F"),
    (&[], "F = E[{s}^2]"),
    (&[], "{H} = hess(p(x,theta))/p(x,theta) - {s}^2"),
    (&[], "KL(p(theta), p(theta + d)) = 1/2*F*d^2 order 2 in d"),
    (&[], "L(theta + d) = L(theta) + d*grad(L(theta)) order 1 in d"),
    (&[], "grad(1/2*a*theta^2 + b*theta + mu) = a*theta + b"),
    (&[], "grad(theta^3) = 3*theta^2"),
    (&[], "F*d^2 >= 0"),
    (&[], "minimizer -grad(L(theta))/(lambda*F) of L(theta) + grad(L(theta))*d + 1/2*lambda*F*d^2 over d"),
    (EXPONENTIAL, "E[T(x)] = grad(Psi(theta))"),
    (EXPONENTIAL, "F = hess(Psi(theta))"),
    (EXPONENTIAL, "E[(T(x) - E[T(x)])^2] = hess(Psi(theta))"),
];

#[rustfmt::skip]
pub const FALSE: &[Statement] = &[
    (&[], "integral(p(x,theta), x) = 0"),
    (&[], "E[f(x)*g(x)] = E[f(x)]*E[g(x)]"),
    (&[], "E[f(x)] = E[f(x); p(theta + d)]"),
    (&[], "{s} = p(x,theta)*grad(p(x,theta))"),
    (&[], "{H} = hess(p(x,theta))/p(x,theta)"),
    (&[], "{H} = hess(p(x,theta))/p(x,theta) + {s}*{s}'"),
    (&[], "grad(theta'*A*theta) = 2*A*theta"),
    (&[], "grad(L(theta)*Psi(theta)) = L(theta)*grad(Psi(theta)) - Psi(theta)*grad(L(theta))"),
    (&[], "grad(L(J*phi), phi) = J*at(grad(L(theta)), theta, J*phi)"),
    (&[], "E[{H}] = F"),
    (&[], "F = -E[{s}*{s}']"),
    (&[], "E[{s}*{s}'] = 0*A"),
    (&[], "E[{s}; p(theta + d)] = 0*theta"),
    (&[], "E[at({s}, theta, theta + d)] = 0*theta"),
    (&[], "grad(E[f(x)]) = E[f(x)]*E[{s}]"),
    (&[], "grad(E[f(x)]) = 0*theta"),
    (&[], "KL(p(theta), p(theta + d)) = d'*F*d order 2 in d"),
    (&[], "KL(p(theta), p(theta + d)) = -1/2*d'*F*d order 2 in d"),
    (&[], "KL(p(theta), p(theta + d)) = 1/2*d'*F*d"),
    (&[], "KL(p(theta), p(theta + d)) = KL(p(theta + d), p(theta))"),
    (&[], "KL(p(theta), p(phi)) = E[log(p(x,phi))] - E[{logp}]"),
    (&[], "KL(q(0), r(0)) = integral(q(x)*log(r(x)/q(x)), x)"),
    (&[], "KL(q(0), r(0)) = KL(r(0), q(0))"),
    (&[], "E[log(p(x,theta)/p(x,theta + d))] = E[{logp}] + E[log(p(x,theta + d))]"),
    (&[], "-1/2*d'*E[{H}]*d = -1/2*d'*F*d"),
    (&[], "-integral(p(x,theta)*grad(p(x,theta)), x)'*d = -grad(integral(p(x,theta), x))'*d"),
    (EXPONENTIAL, "E[T(x)] = -grad(Psi(theta))"),
    (EXPONENTIAL, "F = -hess(Psi(theta))"),
    (EXPONENTIAL, "KL(p(theta), p(phi)) = Psi(theta) - Psi(phi) - grad(Psi(phi))'*(theta - phi)"),
    (&[], "L(theta + d) = L(theta) - grad(L(theta))'*d order 1 in d"),
    (&[], "L(theta + d) = L(theta) + grad(L(theta))'*d order 2 in d"),
    (&[], "L(theta + d) = L(theta) + grad(L(theta))'*d"),
    (&[], "L(theta - eta*F^-1*grad(L(theta))) = L(theta) - eta*grad(L(theta))'*F*grad(L(theta)) order 1 in eta"),
    (&[], "L(theta + d) + lambda*(KL(p(theta), p(theta + d)) - epsilon) = L(theta) + grad(L(theta))'*d + 1/2*lambda*d'*F*d - lambda*epsilon order 2 in d"),
    (&[], "A*B = B*A"),
    (&[], "norm(u + v) = norm(u) + norm(v)"),
    (&[], "norm(2*u) = 4*norm(u)"),
    (&[], "u'*A*v = v'*A*u"),
    (&[], "J^-1*F^-1*grad(L(theta)) = (J*F*J')^-1*J'*grad(L(theta))"),
    (&[], "A is symmetric"),
    (&[], "A is semidefinite"),
    (&[], "lambda*F*d = -grad(L(theta)) => d = 1/lambda*F^-1*grad(L(theta))"),
    (&[], "lambda*F*d = -grad(L(theta)) => d = -lambda*F^-1*grad(L(theta))"),
    (&[], "stationary 0*d = grad(L(theta)) + 1/2*lambda*F*d of L(theta) + grad(L(theta))'*d + 1/2*lambda*d'*F*d over d"),
    (&[], "minimizer 1/lambda*F^-1*grad(L(theta)) of L(theta) + grad(L(theta))'*d + 1/2*lambda*d'*F*d over d"),
    (&[], "minimizer -A^-1*c of c'*w + 1/2*w'*A*w over w"),
    (&["grad(L(theta)) != 0"], "minimizer grad(L(theta))/norm(grad(L(theta))) of w'*grad(L(theta)) over w where norm(w) - 1"),
    (&["grad(L(theta)) != 0"], "same L(theta + d) + lambda*KL(p(theta), p(theta + d)) and grad(L(theta))'*d + lambda*d'*F*d over d in d 1, lambda -1"),
    (&["grad(L(theta)) != 0"], "same L(theta + d) + lambda*KL(p(theta), p(theta + d)) and grad(L(theta))'*d + 1/2*lambda*d'*F*d over d in d 1"),
    (&["grad(L(theta)) != 0"], "limit grad(L(theta))/norm(grad(L(theta))) of L(theta + d) over d where norm(d) - epsilon"),
    (&["grad(L(theta)) != 0"], "limit -grad(L(theta)) of L(theta + d) over d where norm(d) - epsilon"),
    (&["grad(L(theta)) != 0"], "v'*grad(L(theta)) + norm(grad(L(theta))) >= 0"),
    (BALL, "v'*grad(L(theta)) - norm(grad(L(theta))) >= 0"),
    (&[], "d'*A*d >= 0"),
    (&[], "-d'*F*d >= 0"),
    (&[], "a^2 + b^2 >= 3*a*b"),
    (&[], "KL(p(theta), p(phi)) <= 0"),
    (&[], "F^-1*grad(L(theta)) prop grad(L(theta))"),
    (&[], "-eta*F^-1*grad(L(theta)) prop F^-1*grad(L(theta))"),
];

/// True under a condition that is not declared: the condition and the claim.
#[rustfmt::skip]
pub const CONDITIONAL: &[(&str, &str)] = &[
    ("a != 0", "a*u = a*v => u = v"),
    ("a > 0", "a*F^-1*grad(L(theta)) prop F^-1*grad(L(theta))"),
    ("a != 0", "a/a = 1"),
    ("a > 0", "log(a*b^2/b^2) = log(a)"),
    ("A is nonsingular", "A*u = A*v => u = v"),
];
