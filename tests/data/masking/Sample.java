package org.example.meters;

import java.util.ArrayList;
import java.util.List;

public class Sample {
    private static final int PORT = 40217;

    private final String host;

    public Sample(String host) {
        this.host = host;
    }

    public List<String> names() {
        List<String> names = new ArrayList<>();
        names.add(host);
        return names;
    }

    interface Visitor {
        void visit(String name);
    }
}
