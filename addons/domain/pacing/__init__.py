"""Rate limits and quotas: what a request costs, what a provider tells about its limits, who goes next."""
