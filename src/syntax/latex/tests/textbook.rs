//! Displays of textbook proofs: exponential families, Bayes, the evidence bound, limit theorems, moments, matrices.

use super::{check, mistakes_of};

#[rustfmt::skip]
#[test]
fn displays_of_textbooks_are_read_as_they_are_printed() {
    check(r"p(x \mid \eta) = h(x) \exp\left\{ \eta^\top T(x) - A(\eta) \right\}", &["(p x | eta) Equal (* (h x) (exp (+ (* (' eta) (T x)) -(A eta))))"]);
    check(r"A(\eta) = \log \int h(x) \exp\{\eta^T T(x)\} \, dx", &["(A eta) Equal (log (integral (* (h x) (exp (* (' eta) (T x)))) x))"]);
    check(r"\nabla A(\eta) = \mathbb{E}[T(X)]", &["(grad (A eta)) Equal (E (T X))"]);
    check(r"\nabla^2 A(\eta) = \operatorname{Cov}[T(X)]", &["(hess (A eta)) Equal (Cov (T X))"]);
    check(r"\frac{\partial A}{\partial \eta_i} = \frac{\int T_i(x) h(x) \exp\{\eta^T T(x)\} dx}{\int h(x)\exp\{\eta^T T(x)\}dx}", &["(diff A eta_i) Equal (* (integral (* (T_i x) (h x) (exp (* (' eta) (T x)))) x) /(integral (* (h x) (exp (* (' eta) (T x)))) x))"]);
    check(r"p(\theta \mid x) = \frac{p(x \mid \theta) p(\theta)}{p(x)} \propto p(x \mid \theta) \, p(\theta)", &["(p theta | x) Equal (* (* (p x | theta) (p theta)) /(p x)) Proportional (* (p x | theta) (p theta))"]);
    check(r"p(\theta \mid x_1, \dots, x_n) \propto p(\theta) \prod_{i=1}^n p(x_i \mid \theta)", &["(p theta | x_1 … x_n) Proportional (* (p theta) (product (p x_i | theta) i 1 n))"]);
    check(r"\log p(x) = \log \int p(x, z)\, dz = \log \mathbb{E}_{q(z)}\left[\frac{p(x,z)}{q(z)}\right] \ge \mathbb{E}_{q(z)}\left[\log \frac{p(x,z)}{q(z)}\right] =: \mathcal{L}(q)", &["(log (p x)) Equal (log (integral (p x z) z)) Equal (log (E (* (p x z) /(q z)) (q z))) GreaterOrEqual (E (log (* (p x z) /(q z))) (q z)) Equal (L q)"]);
    check(r"\mathcal{L}(q) = \mathbb{E}_{z \sim q}[\log p(x, z)] - \mathbb{E}_{z\sim q}[\log q(z)]", &["(L q) Equal (+ (E (log (p x z)) (q z)) -(E (log (q z)) (q z)))"]);
    check(r"Q(\theta, \theta^{(t)}) = \sum_{z} p(z \mid x, \theta^{(t)}) \log p(x, z \mid \theta)", &["(Q theta (super theta t)) Equal (sum (* (p z | x (super theta t)) (log (p x z | theta))) z)"]);
    check(r"\begin{align}
\log p(x\mid\theta) &= \mathcal{L}(q,\theta) + D_{\mathrm{KL}}(q(z)\,\|\,p(z \mid x, \theta)) \\
&\ge \mathcal L(q, \theta)
\end{align}", &["(log (p x | theta)) Equal (+ (L q theta) +(KL (q z) (p z | x theta)))", "… GreaterOrEqual (L q theta)"]);
    check(r"M_X(t) = \mathbb{E}[e^{tX}] = \sum_{k=0}^\infty \frac{t^k \mathbb{E}[X^k]}{k!}", &["(M_X t) Equal (E (^ e (* t X))) Equal (sum (* (* (^ t k) (E (^ X k))) /(! k)) k 0 inf)"]);
    check(r"M_X'(0) = \mathbb{E}[X], \qquad M_X''(0) = \mathbb{E}[X^2]", &["(M_X' 0) Equal (E X)", "(M_X'' 0) Equal (E (^ X 2))"]);
    check(r"f_X(x) = \frac{1}{\sqrt{2\pi\sigma^2}} e^{-\frac{(x-\mu)^2}{2\sigma^2}}", &["(f_X x) Equal (* (* 1 /(sqrt (* 2 pi (^ sigma 2)))) (^ e (neg (* (^ (+ x -mu) 2) /(* 2 (^ sigma 2))))))"]);
    check(r"\int_{-\infty}^\infty e^{-x^2}\,dx = \sqrt{\pi}", &["(integral (^ e (neg (^ x 2))) x (neg inf) inf) Equal (sqrt pi)"]);
    check(r"\left(\int_{-\infty}^{\infty} e^{-x^2} dx\right)^2 = \int_{-\infty}^{\infty}\int_{-\infty}^{\infty} e^{-(x^2+y^2)} \,dx\,dy = \int_0^{2\pi}\int_0^\infty e^{-r^2} r\,dr\,d\theta = \pi", &["(^ (integral (^ e (neg (^ x 2))) x (neg inf) inf) 2) Equal (integral (integral (^ e (neg (+ (^ x 2) +(^ y 2)))) x (neg inf) inf) y (neg inf) inf) Equal (integral (integral (* (^ e (neg (^ r 2))) r) r 0 inf) theta 0 (* 2 pi)) Equal pi"]);
    check(r"\mathcal{N}(x \mid \mu, \Sigma) = \frac{1}{(2\pi)^{d/2} |\Sigma|^{1/2}} \exp\left( -\frac12 (x-\mu)^\mathsf{T} \Sigma^{-1} (x-\mu) \right)", &["(N x | mu Sigma) Equal (* (* 1 /(* (^ (* 2 pi) (* d /2)) (^ (abs Sigma) (* 1 /2)))) (exp (* (neg (* 1 /2)) (' (+ x -mu)) (either (* (^ Sigma (neg 1)) (+ x -mu)) (^ (Sigma (+ x -mu)) (neg 1))))))"]);
    check(r"\frac{\partial}{\partial x} x^T A x = (A + A^T) x", &["(either (diff (* (' x) A x) x) (* (' (diff x x)) A x)) Equal (* (+ A +(' A)) x)"]);
    check(r"\frac{\partial \log |\mathbf{A}|}{\partial \mathbf{A}} = (\mathbf{A}^{-1})^T", &["(diff (log (abs A)) A) Equal (' (^ A (neg 1)))"]);
    check(r"\operatorname{tr}(AB) = \operatorname{tr}(BA)", &["(tr (* A B)) Equal (tr (* B A))"]);
    check(r"\mathrm{tr}(\mathbf{A}\mathbf{B}) = \sum_i \sum_j a_{ij} b_{ji}", &["(tr (* A B)) Equal (sum (sum (* a_ij b_ji) j) i)"]);
    check(r"\operatorname{Var}(X) = \mathrm{E}(X^2) - \mathrm{E}(X)^2", &["(Var X) Equal (+ (E (^ X 2)) -(^ (E X) 2))"]);
    check(r"\mathrm{Var}(\bar X_n) = \frac{1}{n^2}\sum_{i=1}^n \mathrm{Var}(X_i) = \frac{\sigma^2}{n}", &["(Var X_bar_n) Equal (* (* 1 /(^ n 2)) (sum (Var X_i) i 1 n)) Equal (* (^ sigma 2) /n)"]);
    check(r"\sqrt n (\bar X_n - \mu) \xrightarrow{d} \mathcal{N}(0, \sigma^2)", &["(* (sqrt n) (+ X_bar_n -mu)) Tends[d] (N 0 (^ sigma 2))"]);
    check(r"\lim_{n\to\infty} \left(1 + \frac{t^2}{2n} + o\left(\frac1n\right)\right)^n = e^{t^2/2}", &["(lim n inf (^ (+ 1 +(* (^ t 2) /(* 2 n)) +(o (* 1 /n))) n)) Equal (^ e (* (^ t 2) /2))"]);
    check(r"\Pr(|\bar X_n - \mu| \ge \epsilon) \le \frac{\sigma^2}{n \epsilon^2}", &["(Pr (>= (abs (+ X_bar_n -mu)) epsilon)) LessOrEqual (* (^ sigma 2) /(* n (^ epsilon 2)))"]);
    check(r"P(X \ge a) \le \frac{\mathbb{E}[X]}{a}, \quad a > 0", &["(P (>= X a)) LessOrEqual (* (E X) /a)"]);
    check(r"I(\theta) = \mathbb{E}\left[\left(\frac{\partial}{\partial\theta} \log f(X;\theta)\right)^2 \middle| \theta\right]", &["(I theta) Equal (E (^ (diff (log (f X | theta)) theta) 2) | theta)"]);
    check(r"I(\theta) = -\mathbb{E}\left[\frac{\partial^2}{\partial\theta^2} \log f(X;\theta)\right]", &["(I theta) Equal (neg (E (diff (log (f X | theta)) theta theta)))"]);
    check(r"\operatorname{Var}(\hat\theta) \ge \frac{1}{I(\theta)}", &["(Var theta_hat) GreaterOrEqual (* 1 /(I theta))"]);
    check(r"\hat{\theta}_{\text{MLE}} = \arg\max_{\theta} \sum_{i=1}^{n} \log p(x_i \mid \theta)", &["theta_hat_MLE Equal (argmax theta (sum (log (p x_i | theta)) i 1 n))"]);
    check(r"\hat\theta = \operatorname*{arg\,max}_{\theta \in \Theta} L(\theta)", &["theta_hat Equal (argmax theta st theta Element Theta (L theta))"]);
    check(r"\mathrm{Gam}(x; a, b) = \frac{b^a}{\Gamma(a)} x^{a-1} e^{-bx}", &["(Gam x | a b) Equal (* (* (^ b a) /(Gamma a)) (^ x (+ a -1)) (^ e (* (neg b) x)))"]);
    check(r"\Gamma(z) = \int_0^\infty x^{z-1} e^{-x} \, \mathrm{d}x", &["(Gamma z) Equal (integral (* (^ x (+ z -1)) (^ e (neg x))) x 0 inf)"]);
    check(r"B(a,b) = \frac{\Gamma(a)\Gamma(b)}{\Gamma(a+b)}", &["(B a b) Equal (* (* (Gamma a) (Gamma b)) /(Gamma (+ a +b)))"]);
    check(r"\psi(x) = \frac{d}{dx} \ln \Gamma(x) = \frac{\Gamma'(x)}{\Gamma(x)}", &["(psi x) Equal (diff (log (Gamma x)) x) Equal (* (Gamma' x) /(Gamma x))"]);
    check(r"\binom{n}{k} p^k (1-p)^{n-k}", &["(* (binomial n k) (either (* (^ p k) (^ (+ 1 -p) (+ n -k))) (^ (^ (p (+ 1 -p)) k) (+ n -k))))"]);
    check(r"f(x) = \begin{cases} \lambda e^{-\lambda x} & \text{if } x \geq 0, \\ 0 & \text{otherwise.} \end{cases}", &["(f x) Equal (cases [(* lambda (^ e (* (neg lambda) x))) x GreaterOrEqual 0] [0])"]);
    check(r"\left\langle x \right\rangle_{p} = \int x\, p(x)\, dx", &["(E x p) Equal (integral (* x (p x)) x)"]);
    check(r"\sum_{k=1}^{K} \pi_k = 1", &["(sum pi_k k 1 K) Equal 1"]);
    check(r"\gamma(z_{nk}) = \frac{\pi_k \mathcal{N}(\mathbf{x}_n | \boldsymbol{\mu}_k, \boldsymbol\Sigma_k)}{\sum_{j=1}^K \pi_j \mathcal{N}(\mathbf{x}_n | \boldsymbol{\mu}_j, \boldsymbol\Sigma_j)}", &["(gamma z_nk) Equal (* (* pi_k (N x_n | mu_k Sigma_k)) /(sum (* pi_j (N x_n | mu_j Sigma_j)) j 1 K))"]);
    check(r"H(p) = -\int p(x)\log p(x)\,dx", &["(H p) Equal (neg (integral (* (p x) (log (p x))) x))"]);
    check(r"D_{\text{KL}}(p \,\|\, q) = \mathbb E_p\left[\log\frac{p}{q}\right] \overset{\eqref{eq:jensen}}{\ge} 0", &[r"(KL p q) Equal (E (log (* p /q)) p) GreaterOrEqual[\eqref{eq:jensen}] 0"]);
    check(r"\theta_{t+1} = \theta_t - \eta_t F(\theta_t)^{-1} \nabla_\theta L(\theta_t)", &["theta_t+1 Equal (+ theta_t -(* eta_t (either (^ (F theta_t) (neg 1)) (* F (^ theta_t (neg 1)))) (grad (L theta_t) theta)))"]);
    check(r"\nabla_\theta \mathbb{E}_{p_\theta(x)}[f(x)] = \mathbb{E}_{p_\theta(x)}[f(x) \nabla_\theta \log p_\theta(x)]", &["(grad (E (f x) (p_theta x)) theta) Equal (E (* (f x) (grad (log (p_theta x)) theta)) (p_theta x))"]);
    check(r"\begin{aligned}
\mathbb{E}[s(\theta)] &= \int \frac{\partial \log p(x;\theta)}{\partial \theta} p(x;\theta)\,dx \\
&= \int \frac{\frac{\partial}{\partial\theta} p(x;\theta)}{p(x;\theta)} p(x;\theta)\, dx \\
&= \frac{\partial}{\partial \theta} \int p(x;\theta)\,dx = \frac{\partial}{\partial \theta} 1 = 0. && \text{by normalization}
\end{aligned}", &["(E (s theta)) Equal (integral (* (diff (log (p x | theta)) theta) (p x | theta)) x)", "… Equal (integral (* (* (diff (p x | theta) theta) /(p x | theta)) (p x | theta)) x)", "… Equal (diff (integral (p x | theta) x) theta) Equal (diff 1 theta) Equal 0"]);
    check(r"\log L(\mu,\sigma^2) = -\frac{n}{2}\log(2\pi) - \frac{n}{2}\log \sigma^2 - \frac{1}{2\sigma^2}\sum_{i=1}^n (x_i-\mu)^2", &["(log (L mu (^ sigma 2))) Equal (+ (* (neg (* n /2)) (log (* 2 pi))) -(* (* n /2) (log (^ sigma 2))) -(* (* 1 /(* 2 (^ sigma 2))) (sum (^ (+ x_i -mu) 2) i 1 n)))"]);
    check(r"\log L = -n/2 \log 2\pi - n \log \sigma - \frac{1}{2\sigma^2} \sum_i (x_i - \mu)^2", &["(log L) Equal (+ (* (neg n) /2 (log (* 2 pi))) -(* n (log sigma)) -(* (* 1 /(* 2 (^ sigma 2))) (sum (^ (+ x_i -mu) 2) i)))"]);
    check(r"\mathbb{E}\|X - \mu\|^2 = \mathrm{tr}\,\Sigma", &["(E (^ (norm (+ X -mu)) 2)) Equal (tr Sigma)"]);
    check(r"\|Ax\|_2 \le \|A\|_2 \|x\|_2", &["(norm (* A x) 2) LessOrEqual (* (norm A 2) (norm x 2))"]);
    check(r"\left| \mathrm{E}[XY] \right|^2 \leq \mathrm{E}[X^2]\,\mathrm{E}[Y^2]", &["(^ (abs (E (* X Y))) 2) LessOrEqual (* (E (^ X 2)) (E (^ Y 2)))"]);
    check(r"\Sigma = \begin{pmatrix} \sigma_x^2 & \rho\sigma_x\sigma_y \\ \rho\sigma_x\sigma_y & \sigma_y^2 \end{pmatrix}", &["Sigma Equal [(^ sigma_x 2), (* rho sigma_x sigma_y); (* rho sigma_x sigma_y), (^ sigma_y 2)]"]);
    check(r"\det(A) = \prod_{i=1}^n \lambda_i", &["(det A) Equal (product lambda_i i 1 n)"]);
    check(r"(A + UCV)^{-1} = A^{-1} - A^{-1}U(C^{-1} + VA^{-1}U)^{-1}VA^{-1}", &["(^ (+ A +(* U C V)) (neg 1)) Equal (+ (^ A (neg 1)) -(* (^ A (neg 1)) (either (^ (U (+ (^ C (neg 1)) +(* V (^ A (neg 1)) U))) (neg 1)) (* U (^ (+ (^ C (neg 1)) +(* V (^ A (neg 1)) U)) (neg 1)))) V (^ A (neg 1))))"]);
    check(r"\mathcal{F}(\theta) \triangleq \mathbb{E}_{x\sim p(\cdot\mid\theta)}\left[\nabla\log p(x\mid\theta)\,\nabla\log p(x\mid\theta)^{\mathsf T}\right]", &["(F theta) Defined (E (* (grad (log (p x | theta))) (' (grad (log (p x | theta))))) (p x | theta))"]);
    check(r"X_1, \dots, X_n \overset{\text{iid}}{\sim} N(\mu, \sigma^2)", &["(tuple X_1 … X_n) Similar[iid] (N mu (^ sigma 2))"]);
    check(r"\begin{align*}
f(x+h) &= f(x) + f'(x)h + \frac12 f''(x) h^2 \\
 &\quad + \frac16 f'''(x) h^3 + O(h^4)
\end{align*}", &["(f (+ x +h)) Equal (+ (f x) +(* (f' x) h) +(* (* 1 /2) (f'' x) (^ h 2)) +(* (* 1 /6) (f''' x) (^ h 3)) +(O (^ h 4)))"]);
    check(r"\mathbb{E}[g(X)] \geq g(\mathbb{E}[X]) \quad \text{for all convex } g", &["(E (g X)) GreaterOrEqual (g (E X))"]);
    check(r"x \in [0, 1], \quad y \in \{0, 1\}", &["x Element (interval 0 1)", "y Element (set 0 1)"]);
    check(r"q^*(z_j) \propto \exp\left(\mathbb{E}_{-j}[\log p(x, z)]\right)", &["(q_star z_j) Proportional (exp (E (log (p x z)) (neg j)))"]);
    check(r"\mathrm{KL}(\mathcal{N}(\mu_1,\sigma_1^2)\,\|\,\mathcal{N}(\mu_2,\sigma_2^2)) = \log\frac{\sigma_2}{\sigma_1} + \frac{\sigma_1^2 + (\mu_1-\mu_2)^2}{2\sigma_2^2} - \frac12", &["(KL (N mu_1 (^ sigma_1 2)) (N mu_2 (^ sigma_2 2))) Equal (+ (log (* sigma_2 /sigma_1)) +(* (+ (^ sigma_1 2) +(^ (+ mu_1 -mu_2) 2)) /(* 2 (^ sigma_2 2))) -(* 1 /2))"]);
    check(r"\varphi_X(t) = \mathbb{E}\left[e^{itX}\right] = \int_{\mathbb{R}} e^{itx} f_X(x)\,dx", &["(phi_X t) Equal (E (^ e (* i t X))) Equal (integral (* (^ e (* i t x)) (f_X x)) x Reals)"]);
    check(r"\partial_\theta \log p(x|\theta) = \frac{\partial_\theta p(x|\theta)}{p(x|\theta)}", &["(diff (log (p x | theta)) theta) Equal (* (diff (p x | theta) theta) /(p x | theta))"]);
    check(r"S_n^2 = \frac{1}{n-1}\sum_{i=1}^n \left(X_i-\overline{X}\right)^2", &["(^ S_n 2) Equal (* (* 1 /(+ n -1)) (sum (^ (+ X_i -X_bar) 2) i 1 n))"]);
    check(r"\sup_{x\in\mathbb R}|F_n(x)-F(x)| \to 0", &["(sup x st x Element Reals (abs (+ (F_n x) -(F x)))) Tends 0"]);
    check(r"p(x_{t+1} \mid x_{1:t}) = \int p(x_{t+1} \mid x_t) p(x_t \mid x_{1:t}) dx_t", &["(p x_t+1 | x_1_t) Equal (integral (* (p x_t+1 | x_t) (p x_t | x_1_t)) x_t)"]);
    check(r"\iint f(x,y) \,dx\,dy
", &["(integral (integral (f x y) x) y)"]);
    check(r"\mathbb{E}[X] = \int_0^\infty \Pr(X > t)\,dt", &["(E X) Equal (integral (Pr (> X t)) t 0 inf)"]);
    check(r"\hat\Sigma = \frac1n \sum_{i=1}^n (x_i - \bar x)(x_i - \bar x)^\top", &["Sigma_hat Equal (* (* 1 /n) (sum (* (+ x_i -x_bar) (' (+ x_i -x_bar))) i 1 n))"]);
    check(r"\nabla_\theta J(\theta) = \mathbb{E}_{\tau \sim \pi_\theta}\left[\sum_{t=0}^T \nabla_\theta \log\pi_\theta(a_t \mid s_t) R(\tau)\right]", &["(grad (J theta) theta) Equal (E (sum (* (grad (log (pi_theta a_t | s_t)) theta) (R tau)) t 0 T) (pi_theta tau))"]);
    check(r"\frac{\partial}{\partial \mathbf{x}} \left( \mathbf{a}^\mathrm{T} \mathbf{x} \right) = \mathbf{a}", &["(diff (* (' a) x) x) Equal a"]);
    check(r"\frac{\partial}{\partial x} \mathbf{A}^{-1} = -\mathbf{A}^{-1} \frac{\partial \mathbf{A}}{\partial x} \mathbf{A}^{-1}", &["(diff (^ A (neg 1)) x) Equal (* (neg (^ A (neg 1))) (diff A x) (^ A (neg 1)))"]);
    check(r"\ln p(D|w) = -\frac{\beta}{2} \sum_{n=1}^N \left\{ t_n - w^T\phi(x_n) \right\}^2 + \text{const}", &["(log (p D | w)) Equal (+ (* (neg (* beta /2)) (sum (^ (+ t_n -(* (' w) (phi x_n))) 2) n 1 N)) +const)"]);
    check(r"\mathrm{cov}[x,y] = \mathrm{E}_{x,y}\left[\{x - \mathrm{E}[x]\}\{y^{\mathrm T} - \mathrm{E}[y^{\mathrm T}]\}\right]", &["(cov x y) Equal (E (* (+ x -(E x)) (+ (' y) -(E (' y)))) (tuple x y))"]);
    check(r"\sum_{n=1}^N \frac{\gamma(z_{nk})}{N_k} = 1, \qquad k = 1, \dots, K", &["(sum (* (gamma z_nk) /N_k) n 1 N) Equal 1"]);
    check(r"\begin{align}
\mathbb{E}[X] &= \sum_{x=0}^\infty x \frac{\lambda^x e^{-\lambda}}{x!} \\
&= \lambda e^{-\lambda} \sum_{x=1}^\infty \frac{\lambda^{x-1}}{(x-1)!} \tag{2} \\
&\overset{\eqref{eq:exp}}{=} \lambda.
\end{align}", &["(E X) Equal (sum (* x (* (* (^ lambda x) (^ e (neg lambda))) /(! x))) x 0 inf)", "… Equal (* lambda (^ e (neg lambda)) (sum (* (^ lambda (+ x -1)) /(! (+ x -1))) x 1 inf))", r"… Equal[\eqref{eq:exp}] lambda"]);
    check(r"\theta^{\text{new}} = \underset{\theta}{\arg\max}\; Q(\theta, \theta^{\text{old}})", &["theta_new Equal (argmax theta (Q theta theta_old))"]);
    check(r"W = \sqrt{\frac{\sum_{i} w_i^2}{n}} \le \max_{i} |w_i|", &["W Equal (sqrt (* (sum (^ w_i 2) i) /n)) LessOrEqual (max i (abs w_i))"]);
    check(r"\frac{1}{Z(\theta)} \frac{\partial Z}{\partial \theta} = \frac{\partial \ln Z(\theta)}{\partial \theta}", &["(* (* 1 /(Z theta)) (diff Z theta)) Equal (diff (log (Z theta)) theta)"]);
    check(r"\operatorname{Cov}(X, Y) = \mathbb{E}[XY] - \mathbb{E}[X]\mathbb{E}[Y] \implies \operatorname{Var}(X) = \operatorname{Cov}(X, X)", &["(Cov X Y) Equal (+ (E (* X Y)) -(* (E X) (E Y))) Implies (Var X) Equal (Cov X X)"]);
    check(r"\phi(x) = \frac{1}{\sqrt{2 \pi}} \exp\left[-\tfrac{1}{2} x^2\right]", &["(phi x) Equal (* (* 1 /(sqrt (* 2 pi))) (exp (* (neg (* 1 /2)) (^ x 2))))"]);
    check(r"\lVert x + y \rVert \leqslant \lVert x \rVert + \lVert y \rVert", &["(norm (+ x +y)) LessOrEqual (+ (norm x) +(norm y))"]);
    check(r"\Gamma(x+1) = x\,\Gamma(x), \quad \Gamma(\tfrac12) = \sqrt\pi", &["(Gamma (+ x +1)) Equal (* x (Gamma x))", "(Gamma (* 1 /2)) Equal (sqrt pi)"]);
    check(r"D(p\|q) = \sum_{x} p(x) \log\frac{p(x)}{q(x)} \geq 0", &["(D p | q) Equal (sum (* (p x) (log (* (p x) /(q x)))) x) GreaterOrEqual 0"]);
    check(r"\widetilde{\nabla} h = F^{-1} \nabla_\theta h(\theta)", &["(tilde (grad h)) Equal (* (^ F (neg 1)) (grad (h theta) theta))"]);
    check(r"f(\mathbf{x} + \boldsymbol\delta) \approx f(\mathbf x) + \nabla f(\mathbf x)^\top \boldsymbol\delta + \tfrac12 \boldsymbol\delta^\top \nabla^2 f(\mathbf x)\, \boldsymbol\delta", &["(f (+ x +delta)) Approximately (+ (f x) +(* (' (grad (f x))) delta) +(* (* 1 /2) (' delta) (hess (f x)) delta))"]);
    check(r"g_{ij}(\theta) = \mathbb{E}\left[\partial_i \ell \, \partial_j \ell\right]", &["(g_ij theta) Equal (E (* (diff ell i) (diff ell j)))"]);
    check(r"\int_{\mathcal{X}} p(x;\theta)\,\mathrm{d}x = 1 \quad \text{for all } \theta \in \Theta", &["(integral (p x | theta) x X) Equal 1"]);
}

/// The letter N is a number and a distribution: both are read, and the reader is told that they are one name.
#[test]
fn two_fonts_of_one_letter_are_remarked() {
    let source = r"p(\mathbf{y} \mid \mathbf{X}, \mathbf{w}, \beta) = \prod_{n=1}^{N} \mathcal{N}\left(y_n \mid \mathbf{w}^{\mathrm T}\boldsymbol\phi(\mathbf{x}_n), \beta^{-1}\right)";
    let (rows, codes) = mistakes_of(source);
    assert_eq!(
        rows,
        ["(p y | X w beta) Equal (product (N y_n | (* (' w) (phi x_n)) (^ beta (neg 1))) n 1 N)"]
    );
    assert_eq!(codes, ["overloaded-name"]);
}
