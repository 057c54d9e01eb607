"""Small pages, each with claims that must be proved and near misses of them that must not."""

NET = r"""
Letters $i = 1, \dots, n$, $j = 1, \dots, d$ and $k = 1, \dots, c$.

$$\mathrm{net}_j = \sum_{i=1}^{n} x_i w_{ji}, \qquad y_j = f(\mathrm{net}_j)$$

$$\mathrm{net}_k = \sum_{j=1}^{d} y_j w_{kj} + b_k, \qquad z_k = f(\mathrm{net}_k)$$

$$J = \frac12 \sum_{k=1}^{c} (t_k - z_k)^2$$

$$\delta_k := \frac{\partial J}{\partial \mathrm{net}_k}$$

$$\delta_j := \frac{\partial J}{\partial \mathrm{net}_j}$$
"""

SIGMOID_NET = NET.replace("Letters", "$$f(u) = \\frac{1}{1 + e^{-u}}$$\n\nLetters")
TANH_NET = NET.replace("Letters", "$$f(u) = \\tanh(u)$$\n\nLetters")

MATRICES = r"""
$x \in \mathbb{R}^{n}$, $W \in \mathbb{R}^{d \times n}$, $V \in \mathbb{R}^{c \times d}$, $t \in \mathbb{R}^{c}$, $f : \mathbb{R} \to \mathbb{R}$.

$$a = W x, \qquad y = f(a), \qquad b = V y, \qquad z = f(b)$$

$$J = \frac12 \lVert t - z \rVert^2$$

$$\delta := \nabla_b J$$
"""

SOFTMAX = r"""
$k = 1, \dots, c$, $m = 1, \dots, c$.

$$z_k = \frac{e^{u_k}}{\sum_{m} e^{u_m}}$$

$$s = a + \sum_{k} g_k z_k$$
"""

BATCH_NORM = r"""
$p = 1, \dots, N$, $q = 1, \dots, N$. $\epsilon > 0$.

$$\mu = \frac1N \sum_{p} x_p$$

$$v = \frac1N \sum_{p} (x_p - \mu)^2$$

$$s = \sqrt{v + \epsilon}$$

$$h_p = \frac{x_p - \mu}{s}$$

$$J = \sum_{p} g_p h_p$$
"""

ATTENTION = r"""
$p = 1, \dots, N$, $q = 1, \dots, N$, $r = 1, \dots, N$, $i = 1, \dots, d$, $j = 1, \dots, d$.

$$s_{pq} = \frac{1}{\sqrt{d}} \sum_{i} Q_{pi} K_{qi}$$

$$a_{pq} = \frac{e^{s_{pq}}}{\sum_{r} e^{s_{pr}}}$$

$$o_{pi} = \sum_{q} a_{pq} V_{qi}$$

$$J = \sum_{p} \sum_{i} g_{pi} o_{pi}$$
"""

# (name, what stands on the page before the claim, claims that must be proved, claims that must not)
PAGES: list[tuple[str, str, list[str], list[str]]] = [
    (
        "chain rule in indices",
        NET,
        [
            r"\frac{\partial J}{\partial w_{kj}} = \delta_k y_j",
            r"\delta_j = f'(\mathrm{net}_j) \sum_{k} w_{kj} \delta_k",
            r"\frac{\partial J}{\partial x_i} = \sum_{j} w_{ji} \delta_j",
            r"\frac{\partial \mathrm{net}_k}{\partial b_k} = 1",
            r"\frac{\partial y_j}{\partial t_k} = 0",
            r"\frac{\partial^2 J}{\partial z_k \partial z_k} = 1",
            r"\frac{\partial \delta_k}{\partial b_k} = f'(\mathrm{net}_k)^2 + (z_k - t_k) f''(\mathrm{net}_k)",
        ],
        [
            r"\frac{\partial J}{\partial w_{kj}} = -\delta_k y_j",
            r"\delta_j = f(\mathrm{net}_j) \sum_{k} w_{kj} \delta_k",
            r"\delta_j = f'(\mathrm{net}_j) w_{kj} \delta_k",
            r"\frac{\partial J}{\partial x_i} = \sum_{j} w_{ji} \delta_j x_i",
            r"\delta_j = 2 f'(\mathrm{net}_j) \sum_{k} w_{kj} \delta_k",
            r"\frac{\partial^2 J}{\partial z_k \partial z_k} = 2",
            r"\frac{\partial \delta_k}{\partial b_k} = f'(\mathrm{net}_k) + (z_k - t_k) f''(\mathrm{net}_k)",
            r"\frac{\partial J}{\partial w_{kj}} = \sum_{j} \delta_k y_j",
        ],
    ),
    (
        "a hidden layer of sigmoids",
        SIGMOID_NET,
        [
            r"f'(u) = f(u) (1 - f(u))",
            r"f''(u) = f(u) (1 - f(u)) (1 - 2 f(u))",
            r"\delta_j = y_j (1 - y_j) \sum_{k} w_{kj} (z_k - t_k) z_k (1 - z_k)",
            r"\frac{\partial J}{\partial x_i} = \sum_{j} w_{ji} y_j (1 - y_j) \sum_{k} w_{kj} \delta_k",
            r"f(-u) = 1 - f(u)",
        ],
        [
            r"f'(u) = f(u) (1 + f(u))",
            r"f''(u) = f(u) (1 - f(u)) (1 - f(u))",
            r"\frac{\partial J}{\partial x_i} = \sum_{j} w_{ji} y_j (1 - y_j^2) \sum_{k} w_{kj} \delta_k",
            r"\frac{\partial J}{\partial x_i} = \sum_{j} w_{ji} y_j (1 - y_j) \sum_{k} w_{kj} \delta_k y_j",
            r"f(-u) = f(u)",
        ],
    ),
    (
        "a hidden layer of tanh",
        TANH_NET,
        [
            r"f'(u) = 1 - f(u)^2",
            r"\frac{\partial J}{\partial x_i} = \sum_{j} w_{ji} (1 - y_j^2) \sum_{k} w_{kj} (z_k - t_k) (1 - z_k^2)",
            r"f(u) = \frac{e^u - e^{-u}}{e^u + e^{-u}}",
            r"f(2 u) = \frac{2 f(u)}{1 + f(u)^2}",
        ],
        [
            r"f'(u) = 1 - f(u)",
            r"\frac{\partial J}{\partial x_i} = \sum_{j} w_{ji} (1 - y_j^2) \sum_{k} w_{kj} (z_k - t_k) (1 - y_j^2)",
            r"f(2 u) = \frac{2 f(u)}{1 - f(u)^2}",
        ],
    ),
    (
        "matrices",
        MATRICES,
        [
            r"\nabla_V J = \delta y^\top",
            r"\nabla_a J = (V^\top \delta) \odot f'(a)",
            r"\nabla_W J = \left( (V^\top \delta) \odot f'(a) \right) x^\top",
            r"\frac{\partial b}{\partial a} = V \operatorname{diag}(f'(a))",
            r"\frac{\partial b}{\partial a} = \frac{\partial b}{\partial y} \frac{\partial y}{\partial a}",
            r"\delta^\top b = y^\top V^\top \delta",
            r"\operatorname{tr}(x x^\top) = \lVert x \rVert^2",
            r"(V W)^\top = W^\top V^\top",
            r"x \otimes y = x y^\top",
            r"\mathbf{1}^\top y = y \cdot \mathbf{1}",
            r"(V W x)_1 = \mathbf{1}_c^\top \operatorname{diag}(V W x) \mathbf{1} - \mathbf{1}_c^\top (V W x) + (V W x)_1",
        ],
        [
            r"\nabla_V J = y \delta^\top",
            r"\nabla_a J = V^\top (\delta \odot f'(b))",
            r"\frac{\partial b}{\partial a} = \operatorname{diag}(f'(a)) V^\top",
            r"(V W)^\top = V^\top W^\top",
            r"\nabla_W J = x \left( (V^\top \delta) \odot f'(a) \right)^\top",
            r"\operatorname{tr}(x x^\top) = \lVert x \rVert",
            r"x \otimes y = y x^\top",
        ],
    ),
    (
        "square matrices",
        r"$A \in \mathbb{R}^{n \times n}$, $B \in \mathbb{R}^{n \times n}$, $x \in \mathbb{R}^{n}$.",
        [
            r"\operatorname{tr}(A B) = \operatorname{tr}(B A)",
            r"\operatorname{tr}(A^\top B) = \operatorname{tr}(B^\top A)",
            r"\operatorname{tr}(A B A B) = \operatorname{tr}((B A)^2)",
            r"\nabla_x (x^\top A x) = (A + A^\top) x",
            r"\nabla_A \operatorname{tr}(A B A) = (A B + B A)^\top",
            r"\nabla_A \lVert A \rVert^2 = 2 A",
            r"(A B)^\top = B^\top A^\top",
            r"A^3 = A A^2",
        ],
        [
            r"\operatorname{tr}(A B) = \operatorname{tr}(A^\top B)",
            r"\nabla_x (x^\top A x) = 2 A x",
            r"\nabla_A \operatorname{tr}(A B A) = A B + B A",
            r"A B = B A",
            r"A^3 = A^2",
            r"\operatorname{tr}(A A B B) = \operatorname{tr}(A B A B)",
        ],
    ),
    (
        "softmax",
        SOFTMAX,
        [
            r"\sum_{k} z_k = 1",
            r"\frac{\partial z_k}{\partial u_m} = z_k (\delta_{km} - z_m)",
            r"\frac{\partial z_k}{\partial u_k} = z_k (1 - z_k)",
            r"\sum_{k} \frac{\partial z_k}{\partial u_m} = 0",
            r"\frac{\partial \log z_k}{\partial u_m} = \delta_{km} - z_m",
            r"\log z_k = u_k - \log \sum_{m} e^{u_m}",
            r"\sum_{k} g_k \frac{\partial z_k}{\partial u_m} = z_m \left( g_m - \sum_{k} g_k z_k \right)",
            r"\frac{e^{u_k - a}}{\sum_{m} e^{u_m - a}} = z_k",
        ],
        [
            r"\sum_{k} z_k = c",
            r"\frac{\partial z_k}{\partial u_m} = z_k (\delta_{km} + z_m)",
            r"\frac{\partial z_k}{\partial u_m} = z_k (1 - z_m)",
            r"\frac{\partial \log z_k}{\partial u_m} = \delta_{km} - z_k",
            r"\sum_{k} g_k \frac{\partial z_k}{\partial u_m} = z_m \left( g_m - g_m z_m \right)",
            r"\log z_k = u_k + \log \sum_{m} e^{u_m}",
            r"\frac{e^{u_k - a}}{\sum_{m} e^{u_m + a}} = z_k",
        ],
    ),
    (
        "cross entropy with an assumption",
        '<!-- bpdocs:\nassume: ["\\\\sum_k t_k = 1"]\n-->\n' + SOFTMAX + r"$$J = -\sum_{k} t_k \log z_k$$",
        [
            r"\frac{\partial J}{\partial u_k} = z_k - t_k",
            r"\frac{\partial^2 J}{\partial u_k \partial u_m} = z_k (\delta_{km} - z_m)",
            r"\frac{\partial J}{\partial z_k} = -\frac{t_k}{z_k}",
        ],
        [r"\frac{\partial J}{\partial u_k} = t_k - z_k", r"\frac{\partial J}{\partial t_k} = 0", r"\frac{\partial J}{\partial u_k} = z_k - t_k^2"],
    ),
    (
        "cross entropy without the assumption",
        SOFTMAX + r"$$J = -\sum_{k} t_k \log z_k$$",
        [r"\frac{\partial J}{\partial u_k} = z_k \sum_{m} t_m - t_k"],
        [r"\frac{\partial J}{\partial u_k} = z_k - t_k"],
    ),
    (
        "softmax of a vector",
        r"$u \in \mathbb{R}^{c}$, $v \in \mathbb{R}^{c}$." + "\n\n" + r"$$z = \operatorname{softmax}(u)$$",
        [
            r"\frac{\partial z}{\partial u} = \operatorname{diag}(z) - z z^\top",
            r"\left( \frac{\partial z}{\partial u} \right)^\top v = z \odot (v - (z^\top v) \mathbf{1})",
            r"\mathbf{1}^\top z = 1",
        ],
        [r"\frac{\partial z}{\partial u} = \operatorname{diag}(z) + z z^\top", r"\left( \frac{\partial z}{\partial u} \right)^\top v = z \odot v", r"\mathbf{1}^\top z = 0"],
    ),
    (
        "batch norm",
        BATCH_NORM,
        [
            r"\sum_{p} h_p = 0",
            r"\frac{\partial \mu}{\partial x_p} = \frac1N",
            r"\frac{\partial v}{\partial x_p} = \frac2N (x_p - \mu)",
            r"\frac{\partial J}{\partial x_q} = \frac{1}{N s} \left( N g_q - \sum_{p} g_p - h_q \sum_{p} g_p h_p \right)",
            r"v = \frac1N \sum_{p} x_p^2 - \mu^2",
        ],
        [
            r"\sum_{p} h_p = 1",
            r"\frac{\partial v}{\partial x_p} = \frac1N (x_p - \mu)",
            r"\frac{\partial J}{\partial x_q} = \frac{1}{N s} \left( N g_q - \sum_{p} g_p + h_q \sum_{p} g_p h_p \right)",
            r"\frac{\partial J}{\partial x_q} = \frac{g_q}{s}",
            r"v = \sum_{p} x_p^2 - \mu^2",
        ],
    ),
    (
        "attention",
        ATTENTION,
        [
            r"\sum_{q} a_{pq} = 1",
            r"\sum_{p} \sum_{q} a_{pq} = N",
            r"\frac{\partial J}{\partial V_{qi}} = \sum_{p} a_{pq} g_{pi}",
            r"\frac{\partial J}{\partial s_{pq}} = a_{pq} \left( \sum_{i} g_{pi} V_{qi} - \sum_{i} g_{pi} o_{pi} \right)",
            r"\frac{\partial J}{\partial Q_{pi}} = \frac{1}{\sqrt{d}} \sum_{q} \frac{\partial J}{\partial s_{pq}} K_{qi}",
            r"\frac{\partial J}{\partial K_{qi}} = \frac{1}{\sqrt{d}} \sum_{p} \frac{\partial J}{\partial s_{pq}} Q_{pi}",
        ],
        [
            r"\sum_{p} a_{pq} = 1",
            r"\frac{\partial J}{\partial V_{qi}} = \sum_{p} a_{qp} g_{pi}",
            r"\frac{\partial J}{\partial s_{pq}} = a_{pq} \left( \sum_{i} g_{pi} V_{qi} - \sum_{i} g_{qi} o_{pi} \right)",
            r"\frac{\partial J}{\partial K_{qi}} = \frac{1}{\sqrt{d}} \sum_{p} \frac{\partial J}{\partial s_{qp}} Q_{pi}",
            r"\frac{\partial J}{\partial Q_{pi}} = \frac{1}{d} \sum_{q} \frac{\partial J}{\partial s_{pq}} K_{qi}",
        ],
    ),
    (
        "kinks",
        "$$r(u) = \\max(0, u)$$\n\n" + r"$$q(u) = \begin{cases} u & u > 0 \\ \alpha u & \text{otherwise} \end{cases}$$",
        [
            r"r(u) = \frac{u + |u|}{2}",
            r"r'(u) = \mathbb{1}(u > 0)",
            r"r'(u) r(u) = r(u)",
            r"q(u) = r(u) - \alpha r(-u)",
            r"q'(u) = \mathbb{1}(u > 0) + \alpha \mathbb{1}(u \le 0)",
            r"|u|^2 = u^2",
            r"\sqrt{(u - \alpha)^2} = |u - \alpha|",
            r"\mathbb{1}(u > \alpha) + \mathbb{1}(u \le \alpha) = 1",
            r"\left| |u|^3 \right| = u^2 |u|",
            r"\sqrt{u^2} = |u|",
            r"\min(u, \alpha) + \max(u, \alpha) = u + \alpha",
        ],
        [
            r"r(u) = \frac{u - |u|}{2}",
            r"r'(u) = \mathbb{1}(u < 0)",
            r"q(u) = r(u) + \alpha r(-u)",
            r"q'(u) = \mathbb{1}(u > 0)",
            r"\sqrt{u^2} = u",
            r"|u|^3 = u^3",
            r"\mathbb{1}(r(u) \ge 0) = \mathbb{1}(r(u) > 0)",
            r"\frac{r(u)}{r(u)} = 1",
            r"\sqrt{(u - \alpha)^2} = u - \alpha",
            r"u \left| |u|^3 \right| = u |u|",
            r"\max(u, \alpha) = u",
        ],
    ),
    (
        "logarithms and roots without a sign",
        r"$$y = \log x^2$$" + "\n\n$$s = a b + w x$$",
        [r"\frac{\partial y}{\partial x} = \frac2x", r"y = 2 \log |x|"],
        [r"y = 2 \log x", r"\sqrt{a^2} = a", r"\sqrt{a} \sqrt{a} = a", r"e^{\log a} = a", r"\log(a b) = \log a + \log b", r"a^{1/2} a^{1/2} = a"],
    ),
    (
        "logarithms and roots of what is positive",
        r"$x > 0$, $a > 0$, $b > 0$." + "\n\n$$y = \\log x^2$$\n\n$$s = a b + w x$$",
        [
            r"y = 2 \log x",
            r"\sqrt{a^2} = a",
            r"\log(a b) = \log a + \log b",
            r"\sqrt{a b} = \sqrt{a} \sqrt{b}",
            r"x^{a + 1} = x \cdot x^a",
            r"\frac{\partial}{\partial x} (x^a) = a x^{a - 1}",
            r"2^a 2^b = 2^{a + b}",
            r"\frac{a}{\sqrt{a}} = \sqrt{a}",
            r"\log \frac{a}{b} = -\log \frac{b}{a}",
        ],
        [
            r"y = \log x",
            r"\sqrt{w^2} = w",
            r"\log(a + b) = \log a + \log b",
            r"\sqrt{a + b} = \sqrt{a} + \sqrt{b}",
            r"x^{a + 1} = x^a",
            r"\frac{\partial}{\partial x} (x^a) = a x^a",
            r"2^a 2^b = 4^{a + b}",
            r"\log(w x) = \log w + \log x",
        ],
    ),
    (
        "sums with conditions and bounds",
        r"$i = 1, \dots, n$, $j = 1, \dots, n$, $k = 1, \dots, n$." + "\n\n$$s = \\sum_{i} x_i$$\n\n$$q = \\sum_{i} \\sum_{j} w_i A_{ij} x_j$$",
        [
            r"\sum_{j \ne i} x_j = s - x_i",
            r"\sum_{i=1}^{n-1} \sum_{j=i+1}^{n} x_i x_j = \frac12 \left( s^2 - \sum_{i} x_i^2 \right)",
            r"\sum_{i} \sum_{j \ne i} x_i x_j = s^2 - \sum_{i} x_i^2",
            r"\sum_{i=2}^{n} x_i = s - x_1",
            r"\sum_{i} 1 = n",
            r"\sum_{i} \sum_{j} \sin(x_i - x_j) = 0",
            r"\sum_{i} \sum_{j < i} \sin(x_i - x_j) = -\sum_{i} \sum_{j > i} \sin(x_i - x_j)",
            r"\sum_{i} \sum_{j} \delta_{ij} x_i x_j = \sum_{k} x_k^2",
            r"\sum_{i} \sum_{j \le i} x_i w_j = \sum_{j} \sum_{i \ge j} x_i w_j",
            r"\frac{\partial}{\partial x_k} \left( \sum_{i} \sum_{j} x_i A_{ij} x_j \right) = \sum_{i} (A_{ik} + A_{ki}) x_i",
        ],
        [
            r"\sum_{j \ne i} x_j = s",
            r"\sum_{i=1}^{n-1} \sum_{j=i+1}^{n} x_i x_j = s^2 - \sum_{i} x_i^2",
            r"\sum_{i=2}^{n} x_i = s",
            r"\sum_{i} 1 = 1",
            r"\sum_{i} \sum_{j \le i} x_i w_j = \sum_{j} \sum_{i \le j} x_i w_j",
            r"\sum_{i} \sum_{j \le i} x_i w_j = \sum_{j} \sum_{i > j} x_i w_j",
            r"\sum_{i} x_i^2 = s^2",
            r"\sum_{i} \sum_{j < i} \sin(x_i - x_j) = 0",
            r"\sum_{i} \sum_{j < i} \sin(x_i - x_j) = \sum_{i} \sum_{j > i} \sin(x_i - x_j)",
            r"\sum_{i} \sum_{j < i} x_i w_j = \frac12 \left( \sum_{i} \sum_{j} x_i w_j - \sum_{i} x_i w_i \right)",
            r"\frac{\partial}{\partial x_k} \left( \sum_{i} \sum_{j} x_i A_{ij} x_j \right) = 2 \sum_{i} A_{ki} x_i",
        ],
    ),
    (
        "explicit matrices",
        r"$$A = \begin{pmatrix} 1 & a \\ 0 & 2 \end{pmatrix}$$" + "\n\n" + r"$$v = \begin{pmatrix} b \\ 3 \end{pmatrix}$$",
        [r"A v = \begin{pmatrix} b + 3 a \\ 6 \end{pmatrix}", r"A^2 = \begin{pmatrix} 1 & 3 a \\ 0 & 4 \end{pmatrix}", r"v^\top v = b^2 + 9", r"3 = \operatorname{tr}(A)"],
        [
            r"A v = \begin{pmatrix} b \\ 6 \end{pmatrix}",
            r"A^2 = \begin{pmatrix} 1 & a^2 \\ 0 & 4 \end{pmatrix}",
            r"A^\top v = \begin{pmatrix} b + 3 a \\ 6 \end{pmatrix}",
            r"2 = \operatorname{tr}(A)",
        ],
    ),
    (
        "functions of arrays",
        r"$C : \mathbb{R}^{c} \to \mathbb{R}$, $Z \in \mathbb{R}^{c}$, $\sigma : \mathbb{R} \to \mathbb{R}$." + "\n\n$$A = \\sigma(Z)$$\n\n$$L = C(A)$$",
        [r"\nabla_Z L = \nabla_A L \odot \sigma'(Z)", r"\frac{\partial L}{\partial Z} = \operatorname{diag}(\sigma'(Z)) \, \nabla_A L"],
        [r"\nabla_Z L = \nabla_A L \odot \sigma(Z)", r"\nabla_Z L = \nabla_A L", r"\nabla_Z L = -\nabla_A L \odot \sigma'(Z)"],
    ),
    (
        "moved inputs",
        "$w > 0$.\n\n$$J(w) = (t - w x)^2$$\n\n$$q(w) = |w|$$\n\n$$r = \\epsilon$$",
        [r"J(w + \epsilon) - J(w) = -2 \epsilon x (t - w x) + \epsilon^2 x^2", r"J\Bigl(\frac{t}{x}\Bigr) = 0", r"q(w + \epsilon^2) = w + \epsilon^2", r"q(w) = w"],
        [r"J(w + \epsilon) - J(w) = -2 \epsilon x (t - w x)", r"J\Bigl(\frac{t}{w}\Bigr) = 0", r"q(w + \epsilon) = w + \epsilon", r"q(-w) = -w"],
    ),
    (
        "products over a letter",
        r"$i = 1, \dots, n$, $j = 1, \dots, n$." + "\n\n$$p = \\prod_{i} x_i$$",
        [r"\frac{\partial p}{\partial x_j} = \frac{p}{x_j}", r"\frac{\partial p}{\partial x_j} = \prod_{i \ne j} x_i", r"\prod_{i} x_i^2 = p^2"],
        [r"\frac{\partial p}{\partial x_j} = p", r"\prod_{i} 2 x_i = 2 p", r"\frac{\partial p}{\partial x_j} = \prod_{i \ne j} x_j"],
    ),
    (
        "trigonometry and the error function",
        "$$y = \\sin(w x)$$\n\n" + r"$$\Phi(u) = \frac12 \left( 1 + \operatorname{erf}\left( \frac{u}{\sqrt 2} \right) \right)$$",
        [
            r"y^2 + (\cos(w x))^2 = 1",
            r"\frac{\partial y}{\partial w} = x \cos(w x)",
            r"\frac{\partial^2 y}{\partial w^2} = -x^2 y",
            r"\Phi'(u) = \frac{1}{\sqrt{2 \pi}} e^{-u^2 / 2}",
            r"\Phi(-u) = 1 - \Phi(u)",
            r"\frac{\partial}{\partial x} \left( \arctan(w x) \right) = \frac{w}{1 + w^2 x^2}",
        ],
        [
            r"y^2 - (\cos(w x))^2 = 1",
            r"\frac{\partial y}{\partial w} = \cos(w x)",
            r"\Phi'(u) = \frac{1}{\sqrt{2 \pi}} e^{-u^2}",
            r"\Phi(-u) = -\Phi(u)",
            r"\frac{\partial^2 y}{\partial w^2} = x^2 y",
        ],
    ),
    (
        "denominator layout",
        "<!-- bpdocs:\nlayout: denominator\n-->\n" + MATRICES,
        [
            r"\frac{\partial b}{\partial y} = V^\top",
            r"\frac{\partial b}{\partial a} = \frac{\partial y}{\partial a} \frac{\partial b}{\partial y}",
            r"\frac{\partial J}{\partial a} = \frac{\partial y}{\partial a} \frac{\partial b}{\partial y} \delta",
        ],
        [r"\frac{\partial b}{\partial y} = V", r"\frac{\partial J}{\partial a} = \frac{\partial y}{\partial a} \delta"],
    ),
    (
        "activations",
        "$$\\sigma(u) = \\frac{1}{1 + e^{-u}}$$\n\n$$g(u) = u \\sigma(u)$$\n\n$$h(u) = \\log(1 + e^u)$$\n\n$$m(u) = u \\tanh(\\log(1 + e^u))$$\n\n"
        r"$$\psi(u) = \frac{u}{1 + |u|}$$" + "\n\n$$y = \\sigma(x)$$",
        [
            r"g'(u) = \sigma(u) (1 + u (1 - \sigma(u)))",
            r"h'(u) = \sigma(u)",
            r"h(u) - h(-u) = u",
            r"m'(u) = \tanh(h(u)) + u \sigma(u) (1 - (\tanh(h(u)))^2)",
            r"\psi'(u) = \frac{1}{(1 + |u|)^2}",
            r"\log \frac{y}{1 - y} = x",
            r"-\log \sigma(u) = h(-u)",
        ],
        [
            r"g'(u) = \sigma(u) (1 + u \sigma(u))",
            r"h'(u) = 1 - \sigma(u)",
            r"h(u) - h(-u) = -u",
            r"m'(u) = \tanh(h(u)) + u (1 - (\tanh(h(u)))^2)",
            r"\psi'(u) = \frac{1}{1 + |u|}",
            r"\log \frac{y}{1 - y} = -x",
        ],
    ),
    (
        "inverses and determinants",
        r"$A \in \mathbb{R}^{n \times n}$, $b \in \mathbb{R}^{n}$, $g \in \mathbb{R}^{n}$." + "\n\n$$x = A^{-1} b$$\n\n$$J = g^\\top x$$\n\n$$d = \\det(A)$$",
        [r"\nabla_b J = A^{-\top} g", r"\nabla_A J = -A^{-\top} g \, x^\top", r"A x = b", r"\nabla_A d = d \, A^{-\top}", r"A^{-1} A b = b"],
        [r"\nabla_b J = A^{-1} g", r"\nabla_A J = A^{-\top} g \, x^\top", r"A^\top x = b", r"\nabla_A d = d \, A^{-1}", r"A x = g"],
    ),
    (
        "evaluation bars, dots, two conditions",
        r"$x \in \mathbb{R}^{n}$, $a \in \mathbb{R}^{n}$, $i = 1, \dots, n$, $j = 1, \dots, n$."
        + "\n\n$$y = w^3 + \\log(1 + v^2)$$\n\n$$u = a \\odot x$$\n\n$$q = \\sum_{i} x_i$$",
        [
            r"\left. \frac{\partial y}{\partial w} \right|_{w = 2} = 12",
            r"\left. \frac{\partial y}{\partial v} \right|_{v = w} = \frac{2 w}{1 + w^2}",
            r"u = (a_1 x_1, \dots, a_n x_n)",
            r"\frac{\partial u}{\partial x} = \begin{pmatrix} \frac{\partial u_1}{\partial x_1} & \cdots & \frac{\partial u_1}{\partial x_n} "
            r"\\ \vdots & \ddots & \vdots \\ \frac{\partial u_n}{\partial x_1} & \cdots & \frac{\partial u_n}{\partial x_n} \end{pmatrix}",
            r"\lVert x \rVert_\infty = \max_i |x_i|",
        ],
        [
            r"\left. \frac{\partial y}{\partial w} \right|_{w = 2} = 12 w",
            r"\left. \frac{\partial y}{\partial v} \right|_{v = w} = \frac{2 v}{1 + v^2}",
            r"u = (a_1, \dots, a_n)",
            r"u = (a_1 x_1, \dots, a_n x_n) \odot a",
            r"\lVert x \rVert_\infty = \max_i x_i",
        ],
    ),
    (
        "clipping, and the stable loss",
        r"$\kappa > 0$."
        + "\n\n"
        + r"$$H = \begin{cases} \frac12 a^2 & |a| \le \kappa \\ \kappa |a| - \frac12 \kappa^2 & \text{otherwise} \end{cases}$$"
        + "\n\n"
        + r"$$F = \log(1 + e^{a}) - t a$$",
        [r"\frac{\partial H}{\partial a} = \max(-\kappa, \min(a, \kappa))", r"F = \max(a, 0) - t a + \log(1 + e^{-|a|})", r"\max(a, t) = -\min(-a, -t)"],
        [r"\frac{\partial H}{\partial a} = \min(a, \kappa)", r"F = \max(a, 0) - t a + \log(1 + e^{|a|})", r"\max(a, t) = \max(-a, -t)", r"\max(a, \kappa) = a"],
    ),
    (
        "looked up indices and few values",
        r"$s = 1, \dots, S$, $u = 1, \dots, V$, $i = 1, \dots, d$, $v_s \in \{1, \dots, V\}$, $r \in \{0, 1\}$, $t_i \in \{0, 1\}$."
        + "\n\n"
        + r"$$x_{si} = E_{v_s i}$$"
        + "\n\n"
        + r"$$J = \sum_{s} \sum_{i} c_{si} \sin(x_{si})$$"
        + "\n\n"
        + r"$$y = r + \sum_{i} t_i$$",
        [
            r"\frac{\partial J}{\partial E_{ui}} = \cos(E_{ui}) \sum_{s} \mathbb{1}(v_s = u) c_{si}",
            r"r^3 = r",
            r"2^r = 1 + r",
            r"\sum_{i} t_i^2 = \sum_{i} t_i",
            r"\mathbb{1}(r = 1) = r",
            r"\mathbb{1}(r \ne 1) + r = 1",
        ],
        [
            r"\frac{\partial J}{\partial E_{ui}} = \cos(E_{ui}) \sum_{s} c_{si}",
            r"r^2 = 1",
            r"2^r = 2 r",
            r"\left( \sum_{i} t_i \right)^2 = \sum_{i} t_i",
            r"c_{si}^2 = c_{si}",
            r"\mathbb{1}(r = 0) = r",
        ],
    ),
    (
        "rows that sum to one",
        '<!-- bpdocs:\nassume: ["\\\\sum_k t_{pk} = 1"]\n-->\n'
        + r"$p = 1, \dots, N$, $q = 1, \dots, N$, $k = 1, \dots, c$, $m = 1, \dots, c$."
        + "\n\n"
        + r"$$z_{pk} = \frac{e^{u_{pk}}}{\sum_{m} e^{u_{pm}}}$$"
        + "\n\n"
        + r"$$J = -\frac1N \sum_{p} \sum_{k} t_{pk} \log z_{pk}$$"
        + "\n\n$$s = \\sum_{p} b_p$$",
        [r"\frac{\partial J}{\partial u_{pk}} = \frac1N (z_{pk} - t_{pk})", r"\sum_{p} \sum_{k} t_{pk} = N", r"\sum_{k} \sum_{p} b_p t_{pk} = \sum_{p} b_p"],
        [r"\frac{\partial J}{\partial u_{pk}} = z_{pk} - t_{pk}", r"\sum_{p} t_{pk} = 1", r"\frac{\partial J}{\partial t_{pk}} = 0", r"\sum_{k} t_{pk}^2 = 1"],
    ),
    (
        "an identity matrix",
        r"$A \in \mathbb{R}^{n \times n}$, $x \in \mathbb{R}^{n}$, $\lambda > 0$." + "\n\n$$u = (A + \\lambda I) x$$",
        [r"\frac{\partial u}{\partial x} = A + \lambda I", r"\frac{\partial u}{\partial \lambda} = x"],
        [r"\frac{\partial u}{\partial x} = A + \lambda", r"\frac{\partial u}{\partial \lambda} = I", r"u = A x + \lambda"],
    ),
    (
        "three classes, and a number between 0 and 1",
        '<!-- bpdocs:\nassume: ["\\\\sum_k t_k = 1"]\n-->\n'
        + r"$k = 1, \dots, 3$, $m = 1, \dots, 3$, $0 < a < 1$."
        + "\n\n"
        + r"$$z_k = \frac{e^{u_k}}{\sum_{m} e^{u_m}}$$"
        + "\n\n$$J = -\\sum_{k} t_k \\log z_k$$\n\n$$g(u) := 2 \\max(0, u) - 4 \\max\\Bigl(0, u - \\frac12\\Bigr)$$",
        [
            r"\frac{\partial J}{\partial u_k} = z_k - t_k",
            r"\frac{\partial J}{\partial u_2} = z_2 - t_2",
            r"g\Bigl(1 - \frac{a}{2}\Bigr) = a",
            r"|1 - \frac{a}{2}| = 1 - \frac{a}{2}",
        ],
        [r"\frac{\partial J}{\partial u_k} = t_k - z_k", r"\frac{\partial J}{\partial t_1} = 0", r"t_1 + t_2 = 1", r"g\Bigl(1 + \frac{a}{2}\Bigr) = a", r"|1 - 2 a| = 1 - 2 a"],
    ),
    (
        "remainders",
        r"$x \in \mathbb{R}^{n}$, $h \in \mathbb{R}^{n}$, $A \in \mathbb{R}^{n \times n}$, $f : \mathbb{R} \to \mathbb{R}$."
        + "\n\n$$J(x) = f(x^\\top A x)$$\n\n$$s = f(w \\epsilon)$$",
        [
            r"f(w + \epsilon) = f(w) + \epsilon f'(w) + O(\epsilon^2)",
            r"\frac{f(w + \epsilon) - f(w - \epsilon)}{2 \epsilon} = f'(w) + O(\epsilon^2)",
            r"\frac{f(w + \epsilon) - f(w)}{\epsilon} = f'(w) + O(\epsilon)",
            r"J(x + h) = J(x) + (\nabla_x J(x))^\top h + O(\lVert h \rVert^2)",
        ],
        [
            r"f(w + \epsilon) = f(w) + O(\epsilon^2)",
            r"\frac{f(w + \epsilon) - f(w - \epsilon)}{2 \epsilon} = f'(w) + O(\epsilon^3)",
            r"\frac{f(w + \epsilon) - f(w)}{\epsilon} = f'(w) + O(\epsilon^2)",
            r"J(x + h) = J(x) + O(\lVert h \rVert^2)",
            r"\frac{f(w + \epsilon) - f(w)}{\epsilon} = f(w) + O(\epsilon)",
        ],
    ),
]
